export {
  CODE_OPTIONS,
  type CodeOption,
  type CodeOptions,
  type CodeRequest,
  type CodeRows,
  type CodeSource,
} from './codeSource.js';
export { openCodes } from './openCodes.js';
export { loadCodes, readCodes } from './readCodes.js';
