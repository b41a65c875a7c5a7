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

/** Systems that cannot flush a folder say so by one of these. */
const NO_FOLDER_SYNC = ['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'];

/** Waits until the disk holds the names in a folder: a rename lasts only then. */
const syncFolder = async (files: FileSystem, folder: string): Promise<void> => {
  try {
    const handle = await files.open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!NO_FOLDER_SYNC.includes(systemCode(error) ?? '')) throw error;
  }
};

/** Makes a folder and those above it, and waits until the disk holds them. */
const newFolder = async (files: FileSystem, path: string): Promise<void> => {
  const made = await files.mkdir(path, { recursive: true });
  if (made === undefined) return;
  for (let folder = path; folder.length >= made.length; folder = dirname(folder))
    await syncFolder(files, dirname(folder));
};

/**
 * Writes a file whole or not at all: to a name beside it, flushed to the disk, then renamed, and the name flushed too.
 *
 * Throws: StorageError; the name beside is removed.
 */
export const writeFile = async (files: FileSystem, path: string, content: string | Uint8Array): Promise<void> => {
  const beside = `${path}.part`;
  try {
    await newFolder(files, dirname(path));
    await files.writeFile(beside, content, { flush: true });
    await files.rename(beside, path);
    await syncFolder(files, dirname(path));
  } catch (error) {
    await files.rm(beside, { force: true }).catch(() => undefined);
    throw new StorageError(path, error);
  }
};

export const makeFolder = async (files: FileSystem, path: string): Promise<void> => {
  try {
    await newFolder(files, path);
  } catch (error) {
    throw new StorageError(path, error);
  }
};
