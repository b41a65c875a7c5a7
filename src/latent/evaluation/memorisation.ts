import { InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { codesForQuantile, holeMass } from '../audit/holes.js';
import { orderStatistic } from '../audit/order.js';
import type { Measured } from '../audit/result.js';
import { digits, percent } from '../audit/wording.js';
import type { Features } from './features.js';
import { nearestNeighbours } from './nearestNeighbours.js';

export interface Memorisation {
  /** Share of samples nearer to a training row than all but a share `alpha` of held-out rows are. */
  readonly nearer: Measured;
  readonly alpha: number;
  /** Held-out rows' alpha-quantile of the distance to the nearest training row. */
  readonly threshold: number;
  /** Of the distances to the nearest training row. */
  readonly medians: { readonly samples: number; readonly heldOut: number };
  readonly replays: boolean;
  /** One sentence, with numbers. */
  readonly text: string;
}

export interface GuardOptions {
  readonly runtime: Runtime;
  /** What a row is, in one word: `code`, `image`. */
  readonly noun: string;
  /** 1%. */
  readonly alpha?: number;
  /** Share done of one set's distances, 0 … 1; throws to interrupt. */
  readonly onProgress?: (share: number) => void;
}

export interface MemorisationOptions extends GuardOptions {
  /** Of what the samples were drawn with. */
  readonly seed: number;
}

export interface GuardRows {
  readonly training: Features;
  readonly heldOut: Features;
}

export interface MemorisationRows extends GuardRows {
  readonly samples: Features;
}

/** One set of held-out rows for many samplers. */
export interface MemorisationGuard {
  check(samples: Features, seed: number): Promise<Memorisation>;
}

/**
 * Memorisation guard: whether samples lie nearer to training rows than held-out rows do.
 *
 *   d(r) = min_i |r − t_i| over training rows t
 *   nearer = P_samples[d < t_α],  t_α = α-quantile of d over held-out rows
 *
 * A sampler of the data's law has α. `replays` says that the interval of the share, Wilson's with the uncertainty of t_α
 * in it, lies above 2α. In z, rows are draws: of the sampler, and of the posteriors of held-out and of training images.
 * In x, let samples and held-out rows be decoded alike (held-out images through encoder and decoder): a decoder's blur
 * alone brings an image nearer to all others.
 *
 * Shapes: each [n, W]; at least 1/α held-out rows.
 * Units:  share; distances in those of the rows.
 * Throws: InputError for fewer held-out rows, ShapeError when widths differ.
 */
export const memorisationGuard = async (
  { training, heldOut }: GuardRows,
  { runtime, noun, alpha = 0.01, onProgress }: GuardOptions,
): Promise<MemorisationGuard> => {
  const least = codesForQuantile(alpha);
  if (heldOut.n < least) {
    throw new InputError(`memorisation: expected at least ${least} held-out rows, got ${heldOut.n}`);
  }
  const options = { runtime, ...(onProgress && { onProgress }) };
  const nearest = async (rows: Features): Promise<Float64Array> =>
    (await nearestNeighbours(rows, training, 1, options)).distances;
  const ofHeldOut = await nearest(heldOut);
  return {
    check: async (samples, seed) => {
      const ofSamples = await nearest(samples);
      // The share of one set below a quantile of the other is what a hole mass is of prior draws and codes.
      const { mass, threshold } = holeMass(ofHeldOut, ofSamples, { alpha, seed, by: `${training.n} training rows` });
      const replays = mass.interval![0] > 2 * alpha;
      const medians = { samples: medianOf(ofSamples), heldOut: medianOf(ofHeldOut) };
      const found = `${percent(mass.value)} of samples lie nearer to a training ${noun} than ${percent(1 - alpha)} of held-out ones do`;
      const text = replays
        ? `${found}: the sampler replays (median distance ${digits(medians.samples)}, held out ${digits(medians.heldOut)}).`
        : `${found}; chance gives ${percent(alpha)}: no replay.`;
      return { nearer: mass, alpha, threshold, medians, replays, text };
    },
  };
};

/** The guard for one set of samples. */
export const memorisation = async (
  { samples, ...rows }: MemorisationRows,
  { seed, ...options }: MemorisationOptions,
): Promise<Memorisation> => (await memorisationGuard(rows, options)).check(samples, seed);

const medianOf = (values: Float64Array): number => orderStatistic(values.slice().sort(), (values.length + 1) / 2);
