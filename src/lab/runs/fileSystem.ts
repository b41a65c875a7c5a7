/** What the lab asks of a disk. `node:fs/promises` has this shape; tests pass one that fails. */
export interface FileSystem {
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
  readdir(path: string): Promise<string[]>;
  readFile(path: string): Promise<Uint8Array>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
  writeFile(path: string, content: string | Uint8Array, options: { flush: true }): Promise<void>;
}

/** The code of a system error (`ENOENT`, `ENOSPC`, ...), or undefined for any other error. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
