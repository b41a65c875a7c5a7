import { join } from 'node:path';
import type { TrainState } from '../../../vae/training/index.js';
import { sha256 } from '../../data/digest.js';
import { type FileSystem, namesIn } from '../fileSystem.js';
import { StorageError, writeFile } from '../writeFile.js';
import { type Manifest, parseManifest, stemOf, stepsAmong } from './manifest.js';
import { writeSafetensors } from './safetensors.js';
import { toVectors } from './stateVectors.js';

/** So many of the newest are kept, and the best. */
const NEWEST = 2;

export const CHECKPOINTS = 'checkpoints';

/**
 * Writes a checkpoint, then drops those that are neither among the last two nor the best. Values first, then the
 * manifest that vouches for them: a manifest without whole values never comes to be.
 *
 * Throws: StorageError; earlier checkpoints are then still there.
 */
export const saveCheckpoint = async (
  files: FileSystem,
  folder: string,
  state: TrainState,
  about: Omit<Manifest, 'schema' | 'step' | 'bytes' | 'sha256'>,
): Promise<void> => {
  const values = writeSafetensors(toVectors(state));
  const { step } = state;
  const manifest = { schema: 1, step, bytes: values.length, sha256: sha256(values), ...about } satisfies Manifest;
  const stem = join(folder, CHECKPOINTS, stemOf(step));
  await writeFile(files, `${stem}.safetensors`, values);
  await writeFile(files, `${stem}.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  await dropOld(files, join(folder, CHECKPOINTS));
};

const dropOld = async (files: FileSystem, folder: string): Promise<void> => {
  try {
    const steps = stepsAmong(await namesIn(files, folder));
    const [best] = (await Promise.all(steps.map((step) => qualityOf(files, folder, step)))).sort(
      (a, b) => b.quality - a.quality || b.step - a.step,
    );
    for (const step of steps.slice(NEWEST)) {
      if (step === best?.step) continue;
      // The manifest goes first: values alone are no checkpoint.
      await files.rm(join(folder, `${stemOf(step)}.json`), { force: true });
      await files.rm(join(folder, `${stemOf(step)}.safetensors`), { force: true });
    }
  } catch (error) {
    throw error instanceof StorageError ? error : new StorageError(folder, error);
  }
};

const qualityOf = async (
  files: FileSystem,
  folder: string,
  step: number,
): Promise<{ step: number; quality: number }> => {
  try {
    const text = Buffer.from(await files.readFile(join(folder, `${stemOf(step)}.json`))).toString('utf8');
    return { step, quality: parseManifest(text).quality };
  } catch {
    // One that cannot be read is not the best of them.
    return { step, quality: Number.NEGATIVE_INFINITY };
  }
};
