import { lowest, orderStatistic } from './order.js';
import type { Measured } from './result.js';
import { wilsonInterval } from './twoSample/index.js';
import { grouped } from './wording.js';

export interface Holes {
  readonly mass: Measured;
  /** t_α: the α-quantile of r over held-out codes. */
  readonly threshold: number;
  /** Prior draws by r(z), the lowest first: their rows. */
  readonly deepest: readonly number[];
}

/** Held-out codes that a quantile takes: fewer leave it outside of what was seen. */
export const codesForQuantile = (alpha: number): number => Math.ceil(1 / alpha);

const DEEPEST = 32;
const Z95 = 1.959964;

/** Share of `values` below `t`; of those equal to it, the part `ties`. */
const shareBelow = (values: ArrayLike<number>, t: number, ties: number): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! < t ? 1 : values[i] === t ? ties : 0;
  return sum / values.length;
};

/** The part of the held-out codes at t that belongs below it, so that exactly the share α is below. */
const tiesBelow = (codes: ArrayLike<number>, t: number, alpha: number): number => {
  const below = shareBelow(codes, t, 0);
  const at = shareBelow(codes, t, 1) - below;
  return at === 0 ? 0 : Math.min(1, Math.max(0, (alpha - below) / at));
};

/**
 * Hole mass: the share of prior draws that look less like a code than all but a share α of held-out codes do.
 *
 *   r(z) = ln q_train(z) − ln p(z),  t_α = α-quantile of r over held-out codes,  hole mass = P_{z~p}[r(z) < t_α]
 *
 * If q = p it is α. The interval is Wilson's at the sample size that has the variance of the prior draws and of the
 * threshold together:
 *
 *   Var = h(1 − h)/S + ((H(t₊) − H(t₋)) / 2z)²,  n_eff = h(1 − h) / Var
 *
 * where t₋, t₊ are the order statistics that hold the quantile in 95%. (By the prior draws alone it would be a third of
 * its width where there are 1,000 held-out codes.) Codes that tie at t_α count below it in the part that makes their
 * share α.
 *
 * Shapes: r of held-out codes [n], of prior draws [S]. Domain: n ≥ 1/α.
 * Throws: RangeError for fewer held-out codes.
 */
export const holeMass = (
  codes: Float64Array,
  prior: Float64Array,
  { alpha, seed, by }: { readonly alpha: number; readonly seed: number; readonly by: string },
): Holes => {
  const n = codes.length;
  if (n < codesForQuantile(alpha)) {
    throw new RangeError(`holeMass: expected at least ${codesForQuantile(alpha)} held-out codes, got ${n}`);
  }
  const sorted = Float64Array.from(codes).sort();
  const rank = alpha * (n + 1);
  const threshold = orderStatistic(sorted, rank);
  const value = shareBelow(prior, threshold, tiesBelow(codes, threshold, alpha));

  const reach = Z95 * Math.sqrt(n * alpha * (1 - alpha));
  const low = shareBelow(prior, orderStatistic(sorted, rank - reach), 0);
  const high = shareBelow(prior, orderStatistic(sorted, rank + reach), 0);
  const ofThreshold = ((high - low) / (2 * Z95)) ** 2;
  const spread = Math.max(value * (1 - value), 1 / prior.length);
  const effective = spread / (spread / prior.length + ofThreshold);
  return {
    mass: {
      value,
      se: Math.sqrt((value * (1 - value)) / prior.length + ofThreshold),
      interval: wilsonInterval(value * effective, effective),
      n: prior.length,
      seed,
      unit: 'share',
      by: `${by}, threshold from ${grouped(n)} held-out codes`,
    },
    threshold,
    deepest: lowest(prior, DEEPEST),
  };
};
