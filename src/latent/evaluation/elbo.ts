import type { Density } from '../audit/codes.js';
import type { Measured } from '../audit/result.js';
import { differences, logWeights } from './logWeights.js';
import { meanOf } from './measured.js';
import type { ScoredDraws } from './scoredDraws.js';

export interface ElboUnder {
  /** Nats per image. */
  readonly elbo: Measured;
  /** Over N(0, I), paired over images. */
  readonly gain: Measured;
  /** [n] nats. */
  readonly perImage: Float64Array;
}

/**
 * The ELBO of a model whose z is drawn from q̂: a bound on its log p(x).
 *
 *   ELBO = score − mean_i [ln q_i(z) − ln q̂(z)] = mean_i mean_k ln w_ik,  z ~ q_i
 *   gain = mean_i mean_k [ln q̂(z) − ln p(z)],  p = N(0, I)
 *
 * The gain is free of score and posterior, which both bounds share: its interval is much narrower than those of the
 * bounds. `n` counts images. Draws are of test data, q̂ is fitted on training codes.
 *
 * Units:  nats per image.
 * Throws: ShapeError or RangeError when the density gives too few values, or one that is not finite.
 * Source: Kingma & Welling 2013, arXiv:1312.6114; q̂ for p: Ghosh et al. 2019, arXiv:1903.12436.
 */
export const elboUnder = async (draws: ScoredDraws, density: Density): Promise<ElboUnder> => {
  const { underDensity, underPrior } = await logWeights(draws, density);
  const perImage = imageMeans(underDensity, draws.draws);
  const rest = { unit: 'nats', seed: draws.seed, by: density.name };
  return {
    elbo: meanOf(perImage, rest),
    gain: meanOf(imageMeans(differences(underDensity, underPrior), draws.draws), rest),
    perImage,
  };
};

/** Shapes: [n K] -> [n]. */
const imageMeans = (values: Float64Array, draws: number): Float64Array =>
  Float64Array.from({ length: values.length / draws }, (_, i) => {
    let sum = 0;
    for (let s = i * draws; s < (i + 1) * draws; s++) sum += values[s]!;
    return sum / draws;
  });
