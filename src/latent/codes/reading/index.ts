export {
  CODE_OPTIONS,
  type CodeOption,
  type CodeOptions,
  type CodeRequest,
  type CodeRows,
  type CodeSource,
} from './codeSource.js';
export { loadClasses, loadCodes } from './loadCodes.js';
export { type NumberFiles, openCodes } from './openCodes.js';
