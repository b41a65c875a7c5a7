import { keyedStream } from '../../engine/random/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { summarizeCodes } from '../../latent/codes/index.js';
import { type NearestSamples, nearestSampleCrossEntropy } from '../../latent/evaluation/index.js';
import { fittedGaussian } from '../../latent/samplers/index.js';
import type { Dataset } from '../../vae/data/index.js';
import type { Estimate } from '../../vae/training/index.js';
import type { RunResult } from '../studies/study.js';
import type { RunJob } from './job.js';
import { modelImages } from './modelImages.js';
import { noise } from './noise.js';
import type { Model } from './trainer.js';

/** Held-out images, and samples of each kind, where the data have as many. */
const NEAREST = 1000;
/** Training images whose codes the Gaussian is fitted to. */
const FITTED = 10_000;

export type Measures = Pick<RunResult, 'codes' | 'nearest'>;

interface Codes {
  readonly mu: Float32Array;
  readonly sigma: Float32Array;
}

const upTo = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/**
 * What is measured once on a model whose training is done: its codes of the test set, and how near its samples come to
 * test images. An encoder that was not trained stands for q = N(0, I), whatever x; a decoder that was not trained has
 * no samples worth the name.
 */
export const measureModel = async (
  model: Model,
  data: Dataset,
  { config }: Pick<RunJob, 'config'>,
  runtime: Runtime,
): Promise<Measures> => {
  const { latents, seed } = config;
  const test = modelImages(data.test, 'test', upTo(data.test.count), config);
  const coded = model.trained.includes('encoder');
  const { mu, sigma } = coded ? await model.encode(test) : standardNormal(data.test.count * latents);
  const codes = summarizeCodes(mu, sigma, latents, seed);
  if (!model.trained.includes('decoder')) return { codes };
  const pixels = test.length / data.test.count;
  const heldOut = test.subarray(0, NEAREST * pixels);
  const distance = async (z: Float32Array): Promise<Estimate> => {
    const logits = await model.decodeLogits(z);
    const { estimate } = await nearestSampleCrossEntropy(heldOut, logits, pixels, runtime);
    return { ...estimate, seed };
  };
  return { codes, nearest: await nearestSamples(model, data, config, distance) };
};

const standardNormal = (length: number): Codes => ({
  mu: new Float32Array(length),
  sigma: new Float32Array(length).fill(1),
});

/** Samples of three sources against the same images; the noise of a seed is the same for every regime. */
const nearestSamples = async (
  model: Model,
  { train }: Dataset,
  config: RunJob['config'],
  distance: (z: Float32Array) => Promise<Estimate>,
): Promise<NearestSamples> => {
  const { latents, seed } = config;
  const samples = Math.min(NEAREST, train.count);
  const prior = await distance(noise(seed, 'nearest/prior', samples * latents));
  if (!model.trained.includes('encoder')) return { samples, prior };

  const chosen = keyedStream(seed, 'nearest/images', 0).permutation(train.count).subarray(0, FITTED);
  const { mu, sigma } = await model.encode(modelImages(train, 'train', chosen, config));
  const draws = noise(seed, 'nearest/encoder', samples * latents).map((draw, i) => mu[i]! + sigma[i]! * draw);
  const encoder = await distance(draws);
  const fit = fittedGaussian(mu, sigma, latents);
  const fitted = await distance(fit.sample(samples, keyedStream(seed, 'nearest/fitted', 0)));
  return { samples, prior, encoder, fitted };
};
