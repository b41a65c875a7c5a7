import { join } from 'node:path';
import type { Runtime } from '../../engine/runtime/index.js';
import { drawFrom, type Sampler } from '../../latent/samplers/index.js';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import { createDecoderView, mlpOf } from '../../vae/training/index.js';
import { imageGrid } from '../report/grid.js';
import type { ImageGrid } from '../studies/study.js';
import type { FileSystem } from './fileSystem.js';
import type { RunJob } from './job.js';
import { modelImages } from './modelImages.js';
import { noise } from './noise.js';
import type { Model } from './trainer.js';
import type { FrameView } from './trainingSamples.js';
import { writeFile } from './writeFile.js';

const ROWS = 8;
const COLUMNS = 8;
const IMAGES = ROWS * COLUMNS;
const SCALE = 2;

/** One noise value a dimension of z, the same in every grid of a seed: grids differ by where z was drawn from alone. */
const gridNoise = ({ seed, latents }: RunJob['config']): Float32Array => noise(seed, 'samples/prior', IMAGES * latents);

const writeGrid = async (
  files: FileSystem,
  model: Model,
  { width, height }: ImageSet,
  { folder, config }: RunJob,
  z: ImageGrid['z'],
  values: Float32Array,
): Promise<ImageGrid> => {
  const file = `samples/${z}.png`;
  const layout = { rows: ROWS, columns: COLUMNS, width, height, scale: SCALE };
  await writeFile(files, join(folder, file), imageGrid(await model.decode(values), layout));
  return { z, file, rows: ROWS, columns: COLUMNS, seed: config.seed };
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
  job: RunJob,
): Promise<readonly ImageGrid[]> => {
  const { config } = job;
  const draws = gridNoise(config);
  const shown = Uint32Array.from({ length: Math.min(IMAGES, test.count) }, (_, i) => i);
  const { mu, sigma } = await model.encode(modelImages(test, 'test', shown, config));
  const codes = draws.subarray(0, shown.length * config.latents).map((draw, i) => mu[i]! + sigma[i]! * draw);
  return [
    await writeGrid(files, model, test, job, 'prior', draws),
    await writeGrid(files, model, test, job, 'encoder', codes),
  ];
};

/**
 * Frames of a training: 8 x 8 decoded means without gaps, one pixel a pixel, of the z that `samples/prior.png` has too.
 */
export const viewFrames = async ({ train }: Dataset, { config }: RunJob, runtime: Runtime): Promise<FrameView> => {
  const { width, height } = train;
  const view = await createDecoderView(mlpOf(config, width * height), IMAGES, runtime);
  const z = gridNoise(config);
  const layout = { rows: ROWS, columns: COLUMNS, width, height, gap: 0 };
  return {
    png: async (decoder) => imageGrid(await view.images(decoder, z), layout),
    release: () => view.release(),
  };
};

/**
 * Writes the grid of a fitted sampler. What noise it takes beside one value a dimension (the choice of a component) comes
 * first in a row, and is its own.
 *
 * Throws: StorageError.
 */
export const drawFitted = async (
  files: FileSystem,
  model: Model,
  { test }: Dataset,
  job: RunJob,
  sampler: Sampler,
  runtime: Runtime,
): Promise<ImageGrid> => {
  const { latents, noise: width } = sampler;
  const extra = width - latents;
  const [shared, own] = [gridNoise(job.config), noise(job.config.seed, 'samples/fitted', IMAGES * extra)];
  const rows = new Float32Array(IMAGES * width);
  for (let i = 0; i < IMAGES; i++) {
    rows.set(own.subarray(i * extra, (i + 1) * extra), i * width);
    rows.set(shared.subarray(i * latents, (i + 1) * latents), i * width + extra);
  }
  return writeGrid(files, model, test, job, 'fitted', await drawFrom(sampler, rows, runtime));
};
