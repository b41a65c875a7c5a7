import { InputError } from '../../engine/errors/index.js';
import { type FileSystem, systemCode } from '../runs/fileSystem.js';

/** Throws InputError when there is something at `folder` that a study or run would overwrite; `left` may be there. */
export const mustBeFree = async (files: FileSystem, folder: string, left: readonly string[] = []): Promise<void> => {
  try {
    if ((await files.readdir(folder)).every((name) => left.includes(name))) return;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    if (systemCode(error) === 'ENOTDIR') throw new InputError(`--out: expected a new folder, got the file ${folder}`);
    throw error;
  }
  throw new InputError(`--out: expected a new or empty folder, got ${folder}, which is not empty`);
};
