import { type Estimate, estimate } from '../../../vae/training/index.js';
import { klToStandardNormal } from '../../theory/index.js';
import type { Posteriors } from '../codes.js';
import { type MixtureDensity, marginalDensities } from '../mixture/index.js';
import type { Measured } from '../result.js';
import { drawCodes } from './drawCodes.js';
import { logPrior } from './logPrior.js';

/** The rate and the parts it is the sum of, nats. */
export interface Decomposition {
  /** Closed form; its error is that of the mean over images. */
  readonly rate: Measured;
  readonly rateMc: Measured;
  readonly mutualInformation: Measured;
  readonly marginalKl: Measured;
  readonly totalCorrelation: Measured;
  readonly dimensionwiseKl: Measured;
  /** KL(q(z_d) ‖ N(0, 1)) of each dimension. [D] */
  readonly dimensionKl: readonly Measured[];
  /** R > ln N − 1: no more information than ln N can show, so the marginal KL comes out as an upper estimate. */
  readonly saturated: boolean;
}

export interface DecompositionOptions {
  /** Pairs (i, z): i uniform over the codes, z ~ q_i. At least 2. */
  readonly draws: number;
  readonly seed: number;
  /** Gets the share done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

/** Share of the time that the mixture takes; the marginals have the rest. */
const MIXTURE_SHARE = 0.5;

/**
 * The rate split into what the codes tell of their image and how far they lie from the prior.
 *
 *   R  = mean_i KL(q_i ‖ p) = I(i; z) + KL(q(z) ‖ p(z))
 *   KL(q(z) ‖ p(z)) = TC + Σ_d KL(q(z_d) ‖ p(z_d)),  TC = KL(q(z) ‖ Π_d q(z_d))
 *
 * R is the closed form. The others are means over pairs (i, z), i uniform and z ~ q_i, of ln q(z) − ln p(z) and its two
 * parts, with q(z) the mixture of all N posteriors, that of z itself among them. Each mean is freed of what it shares
 * with c = ln q_i(z) − ln p(z) − R, whose mean is known to be 0 (a control variate): one pair serves all terms, so the
 * sums above hold to rounding, and I = R − KL has the error of KL. R and the codes are taken as they are: the errors of
 * all but R say how well S pairs measure these N codes.
 *
 * In-sample: for the empirical mixture the split is exact, and I ≤ ln N. As an estimate for images not seen, KL and TC
 * are too large and I too small, much so where R > ln N − 1, which is flagged.
 *
 * Shapes: mu, sigma [N, D].
 * Units:  nats: sums over latents, means over images.
 * Domain: σ above 10⁻⁴ |μ|, since z is drawn as float32; each ln q(z_d) within `MarginalDensities.errorBound`.
 * Throws: RangeError for fewer than 2 draws.
 * Source: Hoffman & Johnson 2016, "ELBO surgery"; Chen et al. 2018, arXiv:1802.04942.
 */
export const decompose = async (
  q: Posteriors,
  density: MixtureDensity,
  { draws, seed, onProgress }: DecompositionOptions,
): Promise<Decomposition> => {
  const { n, latents } = q;
  if (!(Number.isInteger(draws) && draws >= 2)) {
    throw new RangeError(`decompose: expected at least 2 draws, got ${draws}`);
  }
  const { z, logPosterior } = drawCodes(q, draws, seed);
  const prior = logPrior(z, latents);
  const mixture = await density.logProb(z, (share) => onProgress?.(share * MIXTURE_SHARE));
  const dimensions = dimensionRatios(q, z, (share) => onProgress?.(MIXTURE_SHARE + share * (1 - MIXTURE_SHARE)));

  const rate = rateOf(q);
  const ratio = logPosterior.map((value, s) => value - prior[s]!);
  const control = ratio.map((value) => value - rate.value);
  const measure = (values: Float64Array): Estimate => estimate(freedOf(control, values), seed);

  const all = mixture.map((value, s) => value - prior[s]!);
  const byDimension = new Float64Array(draws);
  for (const values of dimensions) for (let s = 0; s < draws; s++) byDimension[s]! += values[s]!;
  const marginalKl = measure(all);

  const saturated = rate.value > Math.log(n) - 1;
  const nats = (value: Estimate): Measured => ({ ...value, unit: 'nats' });
  const flagged = (value: Estimate): Measured => ({ ...nats(value), ...(saturated ? { saturated: true } : {}) });
  return {
    rate,
    rateMc: nats(estimate(ratio, seed)),
    mutualInformation: flagged({ ...marginalKl, value: rate.value - marginalKl.value }),
    marginalKl: flagged(marginalKl),
    totalCorrelation: flagged(measure(all.map((value, s) => value - byDimension[s]!))),
    dimensionwiseKl: nats(measure(byDimension)),
    dimensionKl: dimensions.map((values) => nats(measure(values))),
    saturated,
  };
};

/** mean_i KL(q_i ‖ N(0, I)); one image has no standard error. */
const rateOf = ({ mu, sigma, n, latents }: Posteriors): Measured => {
  const rates = Float64Array.from({ length: n }, (_, i) =>
    klToStandardNormal(mu.subarray(i * latents, (i + 1) * latents), sigma.subarray(i * latents, (i + 1) * latents)),
  );
  return n === 1 ? { value: rates[0]!, n, unit: 'nats' } : { ...estimate(rates), unit: 'nats' };
};

/** ln q(z_d) − ln p(z_d) of every draw, dimension by dimension. [D][S] */
const dimensionRatios = (q: Posteriors, z: Float32Array, onProgress: (share: number) => void): Float64Array[] => {
  const marginals = marginalDensities(q);
  return Array.from({ length: q.latents }, (_, d) => {
    const column = Float32Array.from({ length: z.length / q.latents }, (_, s) => z[s * q.latents + d]!);
    const prior = logPrior(column, 1);
    const ratios = marginals.logProb(d, column).map((value, s) => value - prior[s]!);
    onProgress((d + 1) / q.latents);
    return ratios;
  });
};

/** y − λ c with the λ of least variance; c has mean 0 by itself, so the mean of y stays what it is. */
const freedOf = (control: Float64Array, values: Float64Array): Float64Array => {
  const mean = (x: Float64Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [c, y] = [mean(control), mean(values)];
  let shared = 0;
  let variance = 0;
  for (let s = 0; s < values.length; s++) {
    shared += (control[s]! - c) * (values[s]! - y);
    variance += (control[s]! - c) ** 2;
  }
  const factor = variance > 0 ? shared / variance : 0;
  return values.map((value, s) => value - factor * control[s]!);
};
