import { join } from 'node:path';
import { type FileSystem, namesIn } from '../fileSystem.js';
import { StorageError } from '../writeFile.js';
import { CHECKPOINTS } from './saveCheckpoint.js';

/** Removes what a run that goes on from `step` cannot use: later checkpoints, and files that were being written. */
export const dropAfter = async (files: FileSystem, folder: string, step: number): Promise<void> => {
  const inside = join(folder, CHECKPOINTS);
  try {
    for (const name of await namesIn(files, inside)) {
      const of = /^step-(\d+)\.(json|safetensors)$/.exec(name)?.[1];
      if (of === undefined || Number(of) > step) await files.rm(join(inside, name), { force: true });
    }
  } catch (error) {
    throw new StorageError(inside, error);
  }
};
