import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type Components, sizeOfFactor } from './components.js';
import type { FeaturePairs } from './features.js';
import { choleskyFactor, inverseOfLower } from './triangular.js';
import { VARIANCE_FLOOR } from './whitening.js';

/** A component that holds fewer points than this keeps its place and shape, with next to no weight. */
const EMPTY = 1e-9;

export interface Maximization {
  readonly components: Components;
  /** Components with a variance that was raised to the floor. */
  readonly widened: number;
}

/**
 * The components of highest expected likelihood given the moments, among those with no variance below 1e-6 in any
 * direction: raising the eigenvalues of a sample covariance to the floor is the exact maximum under that constraint, so
 * that EM stays monotone.
 *
 *   w_k = n_k / N,  m_k = Σ r z / n_k,  C_k = Σ r z zᵀ / n_k − m_k m_kᵀ
 *
 * Shapes: moments [K, F]. Coordinates: whitened ones.
 */
export const maximize = (moments: Float64Array, previous: Components, pairs: FeaturePairs): Maximization => {
  const { covariance, latents: d } = previous;
  const k = previous.weights.length;
  const weights = new Float64Array(k);
  const means = Float64Array.from(previous.means);
  const factors = Float64Array.from(previous.factors);
  const size = sizeOfFactor(previous);
  let widened = 0;
  for (let c = 0; c < k; c++) {
    const row = moments.subarray(c * pairs.size, (c + 1) * pairs.size);
    const count = row[pairs.size - 1]!;
    weights[c] = Math.max(count, EMPTY);
    if (!(count > EMPTY)) continue;
    const mean = row.subarray(pairs.first.length, pairs.first.length + d).map((value) => value / count);
    means.set(mean, c * d);
    const matrix = new Float64Array(d * d);
    for (let p = 0; p < pairs.first.length; p++) {
      const [i, j] = [pairs.first[p]!, pairs.second[p]!];
      const value = row[p]! / count - mean[i]! * mean[j]!;
      matrix[i * d + j] = value;
      matrix[j * d + i] = value;
    }
    const made = covariance === 'full' ? flooredFactor(matrix, d) : flooredDeviations(matrix, d);
    factors.set(made.factor, c * size);
    if (made.floored) widened++;
  }
  const total = weights.reduce((sum, value) => sum + value, 0);
  return { components: { ...previous, weights: weights.map((value) => value / total), means, factors }, widened };
};

interface Floored {
  readonly factor: Float64Array;
  readonly floored: boolean;
}

const flooredDeviations = (matrix: Float64Array, d: number): Floored => {
  const variances = Float64Array.from({ length: d }, (_, i) => matrix[i * (d + 1)]!);
  return {
    factor: variances.map((value) => Math.sqrt(Math.max(value, VARIANCE_FLOOR))),
    floored: variances.some((value) => value < VARIANCE_FLOOR),
  };
};

const flooredFactor = (matrix: Float64Array, d: number): Floored => {
  const factor = choleskyFactor(matrix, d);
  // The least eigenvalue is at least 1 / tr C⁻¹ = 1 / |L⁻¹|².
  if (factor && inverseOfLower(factor, d).reduce((sum, value) => sum + value * value, 0) <= 1 / VARIANCE_FLOOR) {
    return { factor, floored: false };
  }
  const { realEigenvalues: values, eigenvectorMatrix: vectors } = new EigenvalueDecomposition(
    Matrix.from1DArray(d, d, matrix),
    { assumeSymmetric: true },
  );
  const floored = values.some((value) => value < VARIANCE_FLOOR);
  if (factor && !floored) return { factor, floored };
  const raised = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let value = 0;
      for (let c = 0; c < d; c++) {
        value += vectors.get(i, c) * vectors.get(j, c) * Math.max(values[c]!, VARIANCE_FLOOR);
      }
      raised[i * d + j] = value;
    }
  }
  const made = choleskyFactor(raised, d);
  if (!made) throw new RangeError('internal: a covariance with its variances raised is not positive definite');
  return { factor: made, floored: true };
};
