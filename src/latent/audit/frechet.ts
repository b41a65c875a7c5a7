import type { Codes } from './codes.js';
import { isSingular, type Moments, momentStandardError } from './moments.js';
import type { Measured } from './result.js';

/**
 * Squared Fréchet distance of the Gaussian with the mean and covariance of q(z) to N(0, I).
 *
 *   |m|² + tr(C + I − 2 C^½) = |m|² + Σ_k (√λ_k − 1)²
 *
 * Units: those of z, squared. Without a standard error where C is singular: C^½ has no derivative there.
 * Source: Dowson & Landau 1982, "The Fréchet distance between multivariate normal distributions".
 */
export const frechet = (codes: Codes, moments: Moments): Measured => {
  const { n, mean, eigenvalues } = moments;
  const value = frechetOf(mean, eigenvalues);
  if (isSingular(moments)) return { value, n, unit: 'units²' };
  const slope = Float64Array.from(eigenvalues, (each) => 1 - 1 / Math.sqrt(each));
  return { value, se: momentStandardError(codes, moments, 2, slope), n, unit: 'units²' };
};

/** From the mean and the eigenvalues of C. */
export const frechetOf = (mean: ArrayLike<number>, eigenvalues: ArrayLike<number>): number => {
  let sum = 0;
  for (let d = 0; d < mean.length; d++) sum += mean[d]! ** 2 + (Math.sqrt(eigenvalues[d]!) - 1) ** 2;
  return sum;
};
