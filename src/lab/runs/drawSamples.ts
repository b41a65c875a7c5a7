import { join } from 'node:path';
import { keyedStream } from '../../engine/random/index.js';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import { fedImages } from '../../vae/training/images.js';
import { imageGrid } from '../report/grid.js';
import type { ImageGrid } from '../studies/study.js';
import type { FileSystem } from './fileSystem.js';
import type { RunJob } from './job.js';
import type { Model } from './trainer.js';
import { writeFile } from './writeFile.js';

const ROWS = 8;
const COLUMNS = 8;
const SCALE = 2;

/** The same noise for every regime of a seed, so that grids differ by what was learned alone. */
const noise = (seed: number, stream: string, length: number): Float32Array => {
  const draws = new Float32Array(length);
  keyedStream(seed, stream, 0).fillNormal(draws);
  return draws;
};

/** The first test images as the encoder was evaluated on them. Shapes: -> [count, pixels] in 0 … 1. */
const firstImages = (test: ImageSet, count: number, { binarisation, seed }: RunJob['config']): Float32Array => {
  const fed = fedImages(test, binarisation, seed, 'test');
  const bytes = new Uint8Array(count * fed.pixels);
  for (let i = 0; i < count; i++) fed.copy(i, bytes, i * fed.pixels);
  const scale = binarisation === 'none' ? 1 / 255 : 1;
  return Float32Array.from(bytes, (value) => value * scale);
};

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
  const { mu, sigma } = await model.encode(firstImages(test, count, config));
  const codes = noise(seed, 'samples/encoder', count * latents).map((draw, i) => mu[i]! + sigma[i]! * draw);

  const grid = async (z: ImageGrid['z'], values: Float32Array): Promise<ImageGrid> => {
    const file = `samples/${z}.png`;
    const layout = { rows: ROWS, columns: COLUMNS, width, height, scale: SCALE };
    await writeFile(files, join(folder, file), imageGrid(await model.decode(values), layout));
    return { z, file, rows: ROWS, columns: COLUMNS, seed };
  };
  return [await grid('prior', prior), await grid('encoder', codes)];
};
