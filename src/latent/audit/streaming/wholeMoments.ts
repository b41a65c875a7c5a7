/** Moments of q(z) from what was summed over all codes. */
import type { MuVariance } from '../activeUnits.js';
import { type Moments, withAxes } from '../moments.js';
import type { Measured } from '../result.js';
import type { MomentSums } from './momentSums.js';
import type { RateSums } from './rateSums.js';
import type { TrainSums } from './summary.js';

/** As `momentsOf` the codes: by the law of total covariance where posteriors are known. */
export const wholeMoments = ({ coMoments, posteriors }: TrainSums): Moments => {
  const { n, mean, products } = coMoments;
  const latents = mean.length;
  const covariance = products.map((value) => value / n);
  posteriors?.rate.variances.forEach((value, d) => {
    covariance[d * (latents + 1)]! += value / n;
  });
  return withAxes({ n, latents, mean, covariance });
};

/** As `muVariances` of the codes. */
export const wholeMuVariances = ({ n, second, fourth }: MomentSums): MuVariance[] =>
  Array.from(second, (sum, d) => {
    const value = sum / n;
    return { value, se: Math.sqrt(Math.max(0, fourth[d]! / n - value * value) / n) };
  });

/** The rate, its error that of the mean over all codes. */
export const wholeRate = ({ n, mean, second }: RateSums): Measured => ({
  value: mean,
  se: Math.sqrt(second / (n - 1) / n),
  n,
  unit: 'nats',
});
