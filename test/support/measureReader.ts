import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const READ_ONCE = fileURLToPath(new URL('./readOnce.mjs', import.meta.url));
/** Nothing takes so long that does not hang. */
const SECONDS = 100;

/** How a file is read: rows in blocks, the answer of a query over it, or what a command keeps whole. */
export type Reader = 'rows' | 'query' | 'codes' | 'idx' | 'images' | 'array' | 'model';

export interface Reading {
  /** By how much resident memory rose at most, over that of a process that has read a small file of the kind. */
  readonly bytes: number;
  /** The same of its address space: memory that was asked for and never touched is in it. 0 where the system does not tell. */
  readonly reserved: number;
  /** A sum or a count, or what refused the file. */
  readonly result: number | string;
}

/** Reads a file in a process of its own, with the built code. Throws: where it crashes, or hangs. */
export const measureReader = async (reader: Reader, warm: string, path: string): Promise<Reading> => {
  const args = ['--expose-gc', READ_ONCE, reader, warm, path];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 1000 * SECONDS });
  return JSON.parse(stdout) as Reading;
};
