/** Files that an address may name: those in one folder, and nothing that a link leads to outside it. */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Longer than any path of ours. */
const LONGEST = 1024;

const isName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !['/', '\\', '\0'].some((sign) => name.includes(sign));

/** The names in the path of an address, each decoded once; undefined for what is no path of ours. */
const namesOf = (encoded: string): readonly string[] | undefined => {
  if (encoded.length > LONGEST) return undefined;
  try {
    const names = encoded.split('/').map(decodeURIComponent);
    return names.every(isName) ? names : undefined;
  } catch {
    return undefined;
  }
};

/** The real path of what an encoded path names in a folder; undefined where that is nothing, or outside. */
export const pathWithin = async (folder: string, encoded: string): Promise<string | undefined> => {
  const names = namesOf(encoded);
  if (names === undefined) return undefined;
  try {
    const [inside, real] = [await realpath(folder), await realpath(join(folder, ...names))];
    return real.startsWith(inside.endsWith(sep) ? inside : inside + sep) ? real : undefined;
  } catch {
    return undefined;
  }
};

export interface OpenedFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** To be closed by whoever asked. */
  readonly handle: FileHandle;
}

/** A link that was put in place of a file since, and a pipe that nobody writes, are not waited for. */
const READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens the file that an encoded path names in a folder; undefined where there is none to be read. */
export const openWithin = async (folder: string, encoded: string): Promise<OpenedFile | undefined> => {
  const path = await pathWithin(folder, encoded);
  const handle = path === undefined ? undefined : await open(path, READING).catch(() => undefined);
  if (path === undefined || handle === undefined) return undefined;
  const stat = await handle.stat();
  if (stat.isFile()) return { path, size: stat.size, mtimeMs: stat.mtimeMs, handle };
  await handle.close();
  return undefined;
};
