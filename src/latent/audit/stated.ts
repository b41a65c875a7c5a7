/** Measures as files state them: each with what it was drawn from, and how. */
import { interval } from '../numbers/index.js';
import type { Measured } from './measured.js';

/** What was measured on what. `seed` is that of an object without one of its own, where draws or subsets were made. */
export interface Sampling {
  readonly text: string;
  readonly drawn: boolean;
}

const drawn = (text: string): Sampling => ({ text, drawn: true });
const closed = (text: string): Sampling => ({ text, drawn: false });

const TRAIN = 'codes of training images';
const Z = 'one z of each code of training images';
const POINTS = 'points z of codes of training images, by the seed';
const HELD_OUT = 'one z of each held-out code';
const IMAGES = 'held-out images, one draw of z each';
const DECODED = 'decoded draws and held-out images';

/** By the key of a measure, the innermost that is here: those of `audit.json` and `repair.json`. */
export const SAMPLING: Readonly<Record<string, Sampling>> = {
  rate: closed(`${TRAIN}; closed form`),
  rateMc: drawn(Z),
  mutualInformation: drawn(POINTS),
  marginalKl: drawn(POINTS),
  marginalKlHeldOut: drawn(HELD_OUT),
  totalCorrelation: drawn(POINTS),
  dimensionwiseKl: drawn(POINTS),
  kl: drawn(POINTS),
  activeUnits: closed(`${TRAIN}; closed form`),
  momentKl: closed(`${TRAIN}, by their moments`),
  frechet: closed(`${TRAIN}, by their moments`),
  holeMass: drawn('draws of N(0, I), or of the sampler'),
  mmd: drawn(Z),
  energyDistance: drawn(Z),
  slicedWasserstein: drawn(Z),
  kolmogorovSmirnov: drawn(Z),
  mardiaSkewness: drawn(Z),
  mardiaKurtosis: drawn(Z),
  radius: drawn(Z),
  c2st: drawn('codes and as many draws, half of each to train on'),
  c2stAuc: drawn('codes and as many draws, half of each to train on'),
  heldOut: drawn(HELD_OUT),
  heldOutLogQ: drawn(HELD_OUT),
  elboGain: drawn(HELD_OUT),
  model: drawn(IMAGES),
  elbo: drawn(IMAGES),
  iwae: drawn('held-out images by the seed, k draws of z each'),
  nearer: drawn('draws, against training and held-out ones'),
  accuracy: closed('test images'),
  attribution: drawn(DECODED),
  posterior: drawn(DECODED),
};

/** Of the same name as a distance of codes, but of images: within a sampler and its control. */
const OF_IMAGES = ['frechet', 'kernelDistance', 'precision', 'recall', 'density', 'coverage'];

const isMeasure = (value: object): value is Measured => 'value' in value && 'n' in value && 'unit' in value;

const samplingOf = (path: readonly string[]): Sampling => {
  const last = path.at(-1)!;
  if (OF_IMAGES.includes(last) && path[0] !== 'statistics') return drawn(DECODED);
  const key = path.findLast((each) => Object.hasOwn(SAMPLING, each));
  if (key === undefined) throw new Error(`internal: expected the sampling of ${path.join('.')}, got none`);
  return SAMPLING[key]!;
};

const statedMeasure = (measure: Measured, path: readonly string[], seed: number): Measured => {
  const sampling = samplingOf(path);
  const { value, se, n } = measure;
  const whole = se === undefined ? undefined : interval([{ value, se, n }]);
  return {
    ...measure,
    ...(whole && !measure.interval && { interval: [whole.value - whole.half, whole.value + whole.half] as const }),
    ...(sampling.drawn && measure.seed === undefined && { seed }),
    sampling: sampling.text,
  };
};

const statedIn = (value: unknown, path: readonly string[], seed: number): unknown => {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each) => statedIn(each, path, seed));
  if (isMeasure(value)) return statedMeasure(value, path, seed);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, statedIn(each, [...path, key], seed)]));
};

/**
 * The content of `audit.json` or `repair.json`: every measure with `sampling`, with the 95% `interval` value ± 1.96 se where it
 * has a standard error and no interval of its own, and with the `seed` of its draws.
 */
export const statedMeasures = <Result extends { readonly seed: number }>(result: Result): Result =>
  statedIn(result, [], result.seed) as Result;
