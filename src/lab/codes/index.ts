export {
  CODE_OPTIONS,
  type CodeOption,
  type CodeOptions,
  type CodeRequest,
  type CodeRows,
  type CodeSource,
} from '../../latent/codes/reading/index.js';
export { loadCodes, openCodes, readClasses, readCodes } from './readCodes.js';
export { CODE_TEXTS, namesCodes, requestOf } from './request.js';
