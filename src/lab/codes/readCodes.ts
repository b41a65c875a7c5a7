/** Codes in files of a disk. */
import { totalmem } from 'node:os';
import type { AuditInput } from '../../latent/audit/index.js';
import {
  type CodeRequest,
  type CodeSource,
  loadClasses,
  loadCodes as loadOpened,
  type NumberFiles,
  openCodes as openIn,
} from '../../latent/codes/reading/index.js';
import { openAnswer, openNumbers } from '../data/numbers.js';

/** Share of the memory that codes may take: an audit in memory draws from them, splits them and sorts them. */
const SHARE = 1 / 8;

/** Files by their paths from a folder; queries read what lies below it, and below the folder of data. */
const filesIn = (cwd: string, dataDir?: string): NumberFiles => ({
  open: (text) => openNumbers(cwd, text),
  ask: (sql) => openAnswer(sql, [cwd, ...(dataDir === undefined ? [] : [dataDir])], '--sql'),
});

/** Opens the codes that a request names. Throws: InputError, a line for each problem. */
export const openCodes = (cwd: string, request: CodeRequest): Promise<CodeSource> =>
  openIn(filesIn(cwd, request.dataDir), request);

/**
 * Reads opened codes into memory; they stay open.
 *
 * Throws: InputError where they take more than `most` bytes, an eighth of this machine's memory unless told, and for
 * values that are wrong, with row and column.
 */
export const loadCodes = (source: CodeSource, most = totalmem() * SHARE): Promise<AuditInput> =>
  loadOpened(source, most);

/** Opens codes, reads them into memory and closes them. Throws: InputError as openCodes and loadCodes do. */
export const readCodes = async (cwd: string, request: CodeRequest): Promise<AuditInput> => {
  const source = await openCodes(cwd, request);
  try {
    return await loadCodes(source);
  } finally {
    await source.close();
  }
};

/** Classes of training images, from a file or a part of one. Throws: InputError for what holds no column of whole numbers. */
export const readClasses = (cwd: string, text: string): Promise<Float64Array> => loadClasses(filesIn(cwd), text);
