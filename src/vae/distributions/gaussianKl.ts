import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { ShapeError } from '../../engine/errors/index.js';

/** A Gaussian with full covariance: mean [D], covariance [D, D] row-major. */
export interface Gaussian {
  readonly mean: ArrayLike<number>;
  readonly covariance: ArrayLike<number>;
}

const matrixOf = (values: ArrayLike<number>, rows: number, columns: number): Matrix =>
  Matrix.from1DArray(rows, columns, Array.from(values));

/** A covariance from its lower triangle, so that rounding in the upper one does not matter. */
const symmetric = (covariance: ArrayLike<number>, d: number): Matrix => {
  const out = matrixOf(covariance, d, d);
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) out.set(j, i, out.get(i, j));
  return out;
};

/** The Cholesky factor of a covariance and the logarithm of its determinant. */
const factor = (
  what: string,
  { covariance }: Gaussian,
  d: number,
): { solve: (b: Matrix) => Matrix; logDet: number } => {
  const finite = Array.from(covariance).every(Number.isFinite);
  const cholesky = finite ? new CholeskyDecomposition(symmetric(covariance, d)) : undefined;
  if (!cholesky?.isPositiveDefinite()) {
    throw new RangeError(`${what}: expected a positive definite covariance, got one that is not`);
  }
  const diagonal = cholesky.lowerTriangularMatrix.diagonal();
  return { solve: (b) => cholesky.solve(b), logDet: 2 * diagonal.reduce((s, v) => s + Math.log(v), 0) };
};

/**
 * KL of Gaussians with full covariance.
 *
 *   KL(N(m₁, C₁) ‖ N(m₂, C₂)) = ½ [tr(C₂⁻¹ C₁) + (m₂ − m₁)ᵀ C₂⁻¹ (m₂ − m₁) − D + ln det C₂ − ln det C₁]
 *
 * Shapes: means [D], covariances [D, D]. Units: nats.
 * Domain: covariances symmetric (the lower triangle is read) and positive definite.
 * Throws: ShapeError when sizes differ, RangeError for a covariance that is not positive definite.
 * Source: Kullback 1959, Information Theory and Statistics, chapter 9.
 */
export const gaussianKl = (p: Gaussian, q: Gaussian): number => {
  const d = p.mean.length;
  if (q.mean.length !== d || p.covariance.length !== d * d || q.covariance.length !== d * d) {
    throw new ShapeError(
      `gaussianKl: expected [${d}] and [${d}, ${d}] twice, got ${q.mean.length} and ${q.covariance.length} values`,
    );
  }
  const c1 = factor('gaussianKl', p, d);
  const c2 = factor('gaussianKl', q, d);
  const difference = Matrix.columnVector(Array.from(p.mean, (v, i) => q.mean[i]! - v));
  const quadratic = difference.transpose().mmul(c2.solve(difference)).get(0, 0);
  return 0.5 * (c2.solve(symmetric(p.covariance, d)).trace() + quadratic - d + c2.logDet - c1.logDet);
};

/**
 * Moment-matched KL: of the Gaussian with a distribution's mean and covariance to N(0, I); never more than the
 * distribution's own KL.
 *
 *   ½ (tr C + m·m − D − ln det C)
 *
 * Shapes: mean [D], covariance [D, D], of which the lower triangle is read. Units: nats.
 * Throws: RangeError when the covariance is not positive definite (fewer draws than dimensions, for example).
 */
export const momentMatchedKl = (moments: Gaussian): number => {
  const d = moments.mean.length;
  let sum = 0;
  for (let i = 0; i < d; i++) sum += moments.covariance[i * d + i]! + moments.mean[i]! ** 2 - 1;
  return 0.5 * (sum - factor('momentMatchedKl', moments, d).logDet);
};
