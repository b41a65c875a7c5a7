export {
  CODE_OPTIONS,
  type CodeOption,
  type CodeOptions,
  type CodeRequest,
  type CodeRows,
  type CodeSource,
} from './codeSource.js';
export { openCodes } from './openCodes.js';
export { loadCodes, readClasses, readCodes } from './readCodes.js';
export { CODE_TEXTS, namesCodes, requestOf } from './request.js';
