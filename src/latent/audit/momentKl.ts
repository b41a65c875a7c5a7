import type { Codes } from './codes.js';
import { isSingular, type Moments, momentStandardError } from './moments.js';
import type { Statistic } from './result.js';

/**
 * Moment-matched KL: of the Gaussian with the mean and covariance of q(z) to N(0, I).
 *
 *   ½ (tr C + m·m − D − ln det C), a lower bound on KL(q(z) ‖ N(0, I)) up to the error of the moments
 *
 * Units: nats. Unavailable where C is singular: the KL is then infinite.
 */
export const momentKl = (codes: Codes, moments: Moments): Statistic => {
  const { n, latents, mean, eigenvalues } = moments;
  if (isSingular(moments)) {
    const why = n <= latents && !('mu' in codes) ? `${n} codes in ${latents} dimensions` : 'a direction without width';
    return { unavailable: `the covariance is singular (${why}): the KL is infinite` };
  }
  return {
    value: gaussianKlOf(mean, eigenvalues),
    se: momentStandardError(
      codes,
      moments,
      1,
      Float64Array.from(eigenvalues, (value) => 0.5 * (1 - 1 / value)),
    ),
    n,
    unit: 'nats',
  };
};

/** KL(N(m, C) ‖ N(0, I)) from the mean and the eigenvalues of C. */
export const gaussianKlOf = (mean: ArrayLike<number>, eigenvalues: ArrayLike<number>): number => {
  let sum = 0;
  for (let d = 0; d < mean.length; d++) {
    const value = eigenvalues[d]!;
    sum += mean[d]! ** 2 + (value - 1 - Math.log(value));
  }
  return 0.5 * sum;
};
