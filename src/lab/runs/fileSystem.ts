/** What the lab asks of a disk. `node:fs/promises` has this shape; tests pass one that fails. */
export interface FileSystem {
  /** Gives the first folder that it made, where it made one. */
  mkdir(path: string, options: { recursive: true }): Promise<string | undefined>;
  open(path: string, flags: 'r' | 'a'): Promise<OpenFile>;
  readdir(path: string): Promise<string[]>;
  readFile(path: string): Promise<Uint8Array>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true; recursive?: boolean }): Promise<void>;
  stat(path: string): Promise<{ readonly size: number; readonly mtimeMs: number }>;
  /** With the flag `wx` it fails by EEXIST where there is a file already. */
  writeFile(path: string, content: string | Uint8Array, options: { flush: true; flag?: 'wx' }): Promise<void>;
}

export interface OpenFile {
  /** Writes all of it at the end. */
  appendFile(content: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Waits until the disk holds what was written. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The code of a system error (`ENOENT`, `ENOSPC`, ...), or undefined for any other error. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const ABSENT = ['ENOENT', 'ENOTDIR'];

/** The content of a file; undefined where there is none. */
export const readIfThere = (files: Pick<FileSystem, 'readFile'>, path: string): Promise<Uint8Array | undefined> =>
  files.readFile(path).catch((error: unknown) => {
    if (ABSENT.includes(systemCode(error) ?? '')) return undefined;
    throw error;
  });

/** The names in a folder, in order; none where there is no folder. */
export const namesIn = async (files: Pick<FileSystem, 'readdir'>, folder: string): Promise<string[]> => {
  try {
    return (await files.readdir(folder)).sort();
  } catch (error) {
    if (ABSENT.includes(systemCode(error) ?? '')) return [];
    throw error;
  }
};
