/** Codes from the arrays that options name. */
import type { AuditInput } from '../../latent/audit/index.js';
import { CODE_OPTIONS, type CodeOptions, readCodes } from '../codes/index.js';

/** Options that name an array, without their dashes. */
export const ARRAY_OPTIONS = CODE_OPTIONS;
/** Path by option; what was not given is absent. */
export type ArrayPaths = CodeOptions;

/** The codes that the options name. Throws: InputError as readCodes does. */
export const readArrays = (cwd: string, paths: ArrayPaths): Promise<AuditInput> => readCodes(cwd, { options: paths });
