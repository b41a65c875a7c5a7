export {
  CODE_OPTIONS,
  type CodeOption,
  type CodeOptions,
  type CodeRequest,
  type CodeRows,
  type CodeSource,
} from '../../latent/codes/reading/index.js';
export { codesDigest } from './codesDigest.js';
export { loadCodes, openCodes, readClasses, readCodes } from './readCodes.js';
export { CODE_TEXTS, namesCodes, requestOf } from './request.js';
