/** Runs and parts of runs that are wanted no more. What somebody writes is left alone. */
import { join } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { stemOf, stepsAmong } from './checkpoints/manifest.js';
import { CHECKPOINTS } from './checkpoints/saveCheckpoint.js';
import { type FileSystem, namesIn, systemCode } from './fileSystem.js';
import { type LockReading, livingWriter, takeRun } from './lock/lock.js';
import type { ListedRun } from './reading/summary.js';

export interface RemovalEffects extends LockReading {
  readonly files: FileSystem;
}

/** Bytes of a file, or of all files in a folder. */
const bytesOf = async (files: FileSystem, path: string): Promise<number> => {
  try {
    const names = await files.readdir(path);
    let sum = 0;
    for (const name of names) sum += await bytesOf(files, join(path, name));
    return sum;
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return (await files.stat(path)).size;
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
};

/**
 * Removes a run, and gives the bytes it took.
 *
 * Throws: InputError for a folder that is no run; RunTakenError where somebody writes it.
 */
export const remove = async (folder: string, effects: RemovalEffects, dry: boolean): Promise<number> => {
  const { files } = effects;
  const names = await namesIn(files, folder);
  if (!names.includes('run.json') && !names.includes('config.yaml')) {
    throw new InputError(`${folder}: expected a run folder, got one without run.json`);
  }
  const bytes = await bytesOf(files, folder);
  if (dry) {
    const writer = await livingWriter(folder, effects);
    if (writer) throw new InputError(`${folder}: expected a run that nobody writes, got one of process ${writer.pid}`);
    return bytes;
  }
  // Taken first, so that nobody goes on with half a run.
  await takeRun(folder, effects);
  await files.rm(folder, { force: true, recursive: true });
  return bytes;
};

/** The files of a run that nothing is lost by: all checkpoints of one that is done, and what was half written. */
const waste = async (files: FileSystem, { folder, state }: ListedRun): Promise<string[]> => {
  const inside = join(folder, CHECKPOINTS);
  const names = await namesIn(files, inside);
  const whole = stepsAmong(names).flatMap((step) => [`${stemOf(step)}.json`, `${stemOf(step)}.safetensors`]);
  const dropped = state === 'done' ? names : names.filter((name) => !whole.includes(name));
  const folders = ['', 'models', 'codes', 'samples'].map((name) => join(folder, name));
  const parts = await Promise.all(
    folders.map(async (place) =>
      (await namesIn(files, place)).filter((name) => name.endsWith('.part')).map((name) => join(place, name)),
    ),
  );
  return [...dropped.map((name) => join(inside, name)), ...parts.flat()];
};

/** Frees what a run that nobody writes does not need, and gives the bytes. Throws: RunTakenError; StorageError. */
export const collect = async (run: ListedRun, effects: RemovalEffects, dry: boolean): Promise<number> => {
  const { files } = effects;
  if (run.state === 'running' || (await livingWriter(run.folder, effects))) return 0;
  const paths = await waste(files, run);
  if (paths.length === 0) return 0;
  let bytes = 0;
  for (const path of paths) bytes += await bytesOf(files, path);
  if (dry) return bytes;
  const lock = await takeRun(run.folder, effects);
  for (const path of paths) await files.rm(path, { force: true });
  await lock.release();
  return bytes;
};
