import { join } from 'node:path';
import type { Dataset } from '../../vae/data/index.js';
import { imageGrid } from '../report/grid.js';
import type { ImageGrid } from '../studies/study.js';
import type { FileSystem } from './fileSystem.js';
import type { RunJob } from './job.js';
import { modelImages } from './modelImages.js';
import { noise } from './noise.js';
import type { Model } from './trainer.js';
import { writeFile } from './writeFile.js';

const ROWS = 8;
const COLUMNS = 8;
const SCALE = 2;

/**
 * Writes two grids of decoded means under `samples/`: z ~ N(0, I), and z ~ q(z|x) of the first test images.
 *
 * Throws: StorageError.
 */
export const drawSamples = async (
  files: FileSystem,
  model: Model,
  { test }: Dataset,
  { folder, config }: RunJob,
): Promise<readonly ImageGrid[]> => {
  const { width, height } = test;
  const { latents, seed } = config;
  const count = Math.min(ROWS * COLUMNS, test.count);
  const prior = noise(seed, 'samples/prior', ROWS * COLUMNS * latents);
  const { mu, sigma } = await model.encode(
    modelImages(
      test,
      'test',
      Uint32Array.from({ length: count }, (_, i) => i),
      config,
    ),
  );
  const codes = noise(seed, 'samples/encoder', count * latents).map((draw, i) => mu[i]! + sigma[i]! * draw);

  const grid = async (z: ImageGrid['z'], values: Float32Array): Promise<ImageGrid> => {
    const file = `samples/${z}.png`;
    const layout = { rows: ROWS, columns: COLUMNS, width, height, scale: SCALE };
    await writeFile(files, join(folder, file), imageGrid(await model.decode(values), layout));
    return { z, file, rows: ROWS, columns: COLUMNS, seed };
  };
  return [await grid('prior', prior), await grid('encoder', codes)];
};
