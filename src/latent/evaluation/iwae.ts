import { InputError } from '../../engine/errors/index.js';
import type { Density } from '../audit/codes.js';
import type { Measured } from '../audit/result.js';
import { differences, logWeights } from './logWeights.js';
import { meanOf } from './measured.js';
import type { ScoredDraws } from './scoredDraws.js';

export interface IwaeUnder {
  readonly k: number;
  /** Nats per image. */
  readonly bound: Measured;
  /** Over N(0, I), paired over images. */
  readonly gain: Measured;
  /** Effective sample size, of k. */
  readonly effectiveSamples: Measured;
}

/**
 * Importance-weighted bounds on log p(x) of a model whose z is drawn from q̂, for every k asked for.
 *
 *   IWAE-k = mean_i [logsumexp_{j ≤ k} ln w_ij − ln k],  ESS = mean_i (Σ_j w_ij)² / Σ_j w_ij²
 *
 * The K draws of an image are cut into ⌊K/k⌋ groups of k, over which both are averaged: IWAE-1 is the ELBO of these
 * draws to the last digit, and where k divides k' and k' divides K, IWAE-k ≤ IWAE-k' for every image (Jensen).
 *
 * Units:  nats per image; ESS in draws.
 * Domain: 1 ≤ k ≤ K.
 * Throws: InputError for another k; ShapeError or RangeError as `elboUnder`.
 * Source: Burda et al. 2015, arXiv:1509.00519.
 */
export const iwaeUnder = async (
  draws: ScoredDraws,
  density: Density,
  ks: readonly number[],
): Promise<readonly IwaeUnder[]> => {
  const wrong = ks.find((k) => !Number.isInteger(k) || k < 1 || k > draws.draws);
  if (wrong !== undefined) {
    throw new InputError(`iwaeUnder: expected whole numbers of draws in 1 … ${draws.draws}, got ${wrong}`);
  }
  const weights = await logWeights(draws, density);
  const rest = { unit: 'nats', seed: draws.seed, by: density.name };
  return ks.map((k) => {
    const { bounds, sizes } = groupedBounds(weights.underDensity, draws.draws, k);
    const prior = groupedBounds(weights.underPrior, draws.draws, k);
    return {
      k,
      bound: meanOf(bounds, rest),
      gain: meanOf(differences(bounds, prior.bounds), rest),
      effectiveSamples: meanOf(sizes, { ...rest, unit: 'draws' }),
    };
  });
};

/** Of every image, means over its groups. Shapes: [n K] -> bounds, sizes [n]. */
const groupedBounds = (
  weights: Float64Array,
  draws: number,
  k: number,
): { readonly bounds: Float64Array; readonly sizes: Float64Array } => {
  const images = weights.length / draws;
  const groups = Math.floor(draws / k);
  const bounds = new Float64Array(images);
  const sizes = new Float64Array(images);
  for (let i = 0; i < images; i++) {
    for (let g = 0; g < groups; g++) {
      const first = i * draws + g * k;
      let most = Number.NEGATIVE_INFINITY;
      for (let s = first; s < first + k; s++) most = Math.max(most, weights[s]!);
      let [sum, squares] = [0, 0];
      for (let s = first; s < first + k; s++) {
        const w = Math.exp(weights[s]! - most);
        sum += w;
        squares += w * w;
      }
      bounds[i]! += (most + Math.log(sum / k)) / groups;
      sizes[i]! += sum ** 2 / squares / groups;
    }
  }
  return { bounds, sizes };
};
