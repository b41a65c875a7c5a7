import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Codes } from './codes.js';

/** Mean and covariance of q(z), and the principal axes of the covariance. */
export interface Moments {
  readonly n: number;
  readonly latents: number;
  /** [D] */
  readonly mean: Float64Array;
  /** [D, D], symmetric. */
  readonly covariance: Float64Array;
  /** [D], descending, none below 0. */
  readonly eigenvalues: Float64Array;
  /** Unit vectors, one a row, in the order of the eigenvalues: [D, D]. */
  readonly axes: Float64Array;
}

/**
 * Moments of q(z), by the law of total covariance where posteriors are known.
 *
 *   m = mean_i μ_i,  C = mean_i (μ_i − m)(μ_i − m)ᵀ + diag mean_i σ_i²
 *
 * Divided by N, as of the codes at hand. The sign of an axis is such that its largest entry is positive.
 */
export const momentsOf = (codes: Codes): Moments => {
  const { n, latents } = codes;
  const centres = 'mu' in codes ? codes.mu : codes.z;
  const mean = new Float64Array(latents);
  for (let i = 0; i < n; i++) for (let d = 0; d < latents; d++) mean[d]! += centres[i * latents + d]!;
  for (let d = 0; d < latents; d++) mean[d]! /= n;

  const covariance = new Float64Array(latents * latents);
  const centred = new Float64Array(latents);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < latents; d++) centred[d] = centres[i * latents + d]! - mean[d]!;
    for (let d = 0; d < latents; d++) {
      const value = centred[d]!;
      for (let e = 0; e <= d; e++) covariance[d * latents + e]! += value * centred[e]!;
    }
  }
  if ('sigma' in codes) {
    for (let i = 0; i < n; i++) {
      for (let d = 0; d < latents; d++) covariance[d * latents + d]! += codes.sigma[i * latents + d]! ** 2;
    }
  }
  for (let d = 0; d < latents; d++) {
    for (let e = 0; e <= d; e++) {
      covariance[d * latents + e]! /= n;
      covariance[e * latents + d] = covariance[d * latents + e]!;
    }
  }
  return withAxes({ n, latents, mean, covariance });
};

/** Mean and covariance with the principal axes of the covariance. */
export const withAxes = (moments: Omit<Moments, 'eigenvalues' | 'axes'>): Moments => ({
  ...moments,
  ...principalAxes(moments.covariance, moments.latents),
});

const principalAxes = (covariance: Float64Array, latents: number): Pick<Moments, 'eigenvalues' | 'axes'> => {
  const matrix = Matrix.from1DArray(latents, latents, covariance);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const axes = new Float64Array(latents * latents);
  order.forEach((column, k) => {
    const axis = eigenvectorMatrix.getColumn(column);
    const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-9 ? value : best), 0);
    for (let d = 0; d < latents; d++) axes[k * latents + d] = largest < 0 ? -axis[d]! : axis[d]!;
  });
  return { eigenvalues: Float64Array.from(order, (k) => Math.max(0, realEigenvalues[k]!)), axes };
};

/** Whether some direction has no width, to within what float32 codes can tell: C has no inverse. */
export const isSingular = ({ eigenvalues }: Moments): boolean => eigenvalues.at(-1)! <= 1e-12 * eigenvalues[0]!;

/**
 * Standard error of a function of the moments, by the delta method: the spread of its influence function.
 *
 *   IF_i = a m·(μ_i − m) + (μ_i − m)ᵀ W (μ_i − m) + Σ_d W_dd σ_id² − tr(W C),  se = sd(IF) / √N
 *
 * with W = V diag(w) Vᵀ the derivative by C on its own axes V, and a m the derivative by m. First order: at the true
 * N(0, I), where both derivatives vanish, it says next to nothing, and the noise floor stands in.
 *
 * The codes may be a sample of those that the moments are of: N is the number behind the moments.
 */
export const momentStandardError = (
  codes: Codes,
  { n, latents, mean, eigenvalues, axes }: Moments,
  a: number,
  w: ArrayLike<number>,
): number => {
  const centres = 'mu' in codes ? codes.mu : codes.z;
  const diagonal = new Float64Array(latents);
  let expected = 0;
  for (let k = 0; k < latents; k++) {
    expected += w[k]! * eigenvalues[k]!;
    for (let d = 0; d < latents; d++) diagonal[d]! += w[k]! * axes[k * latents + d]! ** 2;
  }
  const centred = new Float64Array(latents);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < codes.n; i++) {
    let value = -expected;
    for (let d = 0; d < latents; d++) {
      centred[d] = centres[i * latents + d]! - mean[d]!;
      value += a * mean[d]! * centred[d]!;
      if ('sigma' in codes) value += diagonal[d]! * codes.sigma[i * latents + d]! ** 2;
    }
    for (let k = 0; k < latents; k++) {
      let along = 0;
      for (let d = 0; d < latents; d++) along += axes[k * latents + d]! * centred[d]!;
      value += w[k]! * along * along;
    }
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / codes.n - (sum / codes.n) ** 2) / n);
};
