import { dirname } from 'node:path';
import { type FileSystem, systemCode } from './fileSystem.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'file too large',
  EIO: 'input/output error of the disk',
  ENOENT: 'the folder is gone',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of the path is a file',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
};

/** A file or folder that could not be written. What was written before it stays. */
export class StorageError extends Error {
  override name = 'StorageError';
  constructor(
    readonly path: string,
    cause: unknown,
  ) {
    const code = systemCode(cause);
    const reason = code === undefined ? String(cause) : `${REASONS[code] ?? 'system error'} (${code})`;
    super(`cannot write ${path}: ${reason}`, { cause });
  }
}

/**
 * Writes a file whole or not at all: to a name beside it, flushed to the disk, then renamed.
 *
 * Throws: StorageError; the name beside is removed.
 */
export const writeFile = async (files: FileSystem, path: string, content: string | Uint8Array): Promise<void> => {
  const beside = `${path}.part`;
  try {
    await files.mkdir(dirname(path), { recursive: true });
    await files.writeFile(beside, content, { flush: true });
    await files.rename(beside, path);
  } catch (error) {
    await files.rm(beside, { force: true }).catch(() => undefined);
    throw new StorageError(path, error);
  }
};

export const makeFolder = async (files: FileSystem, path: string): Promise<void> => {
  try {
    await files.mkdir(path, { recursive: true });
  } catch (error) {
    throw new StorageError(path, error);
  }
};
