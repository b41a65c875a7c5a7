import { join } from 'node:path';
import { writeNpy } from '../../vae/data/arrays/index.js';
import type { Probes } from '../../vae/training/index.js';
import type { RunResult } from '../studies/study.js';
import type { FileSystem } from './fileSystem.js';
import { writeFile } from './writeFile.js';

/**
 * Writes `codes/probes.npy` in a run folder: float32 [points, 2, images, latents], mu then sigma. Its path is relative
 * to the folder; undefined where there are no codes to follow.
 *
 * Throws: StorageError.
 */
export const writeProbes = async (
  files: FileSystem,
  folder: string,
  { images, points }: Probes,
): Promise<RunResult['probes']> => {
  const [first] = points;
  if (images === 0 || first === undefined) return undefined;
  const size = first.mu.length;
  const values = new Float32Array(2 * size * points.length);
  points.forEach(({ mu, sigma }, i) => {
    values.set(mu, 2 * i * size);
    values.set(sigma, (2 * i + 1) * size);
  });
  const file = 'codes/probes.npy';
  await writeFile(files, join(folder, file), writeNpy(values, [points.length, 2, images, size / images]));
  return { file, images };
};
