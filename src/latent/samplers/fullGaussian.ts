import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { ShapeError } from '../../engine/errors/index.js';
import type { KeyedStream } from '../../engine/random/index.js';

/** A Gaussian over z with full covariance, to draw from and to score with. */
export interface FullGaussian {
  /** [D] */
  readonly mean: Float64Array;
  /** [D, D], row-major. */
  readonly covariance: Float64Array;
  /** z = m + L ε with C = L Lᵀ, ε ~ N(0, I). Shapes: -> [n, D]. */
  sample(n: number, stream: KeyedStream): Float32Array;
  /** ln N(z; m, C), normalised. Shapes: z [n, D] -> [n] nats. Throws: ShapeError for a part of a row. */
  logProb(z: ArrayLike<number>): Float64Array;
}

/**
 * N(m, C) by the Cholesky factor of C.
 *
 *   ln N(z; m, C) = −½ |L⁻¹ (z − m)|² − Σ_d ln L_dd − (D/2) ln 2π,  C = L Lᵀ
 *
 * Shapes: mean [D], covariance [D, D], of which the lower triangle is read.
 * Throws: ShapeError when sizes differ, RangeError when the covariance is not positive definite.
 */
export const fullGaussian = (mean: Float64Array, covariance: Float64Array): FullGaussian => {
  const d = mean.length;
  const lower = lowerFactor(covariance, d);
  const normalizer = 0.5 * d * Math.log(2 * Math.PI) + lower.reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
  return {
    mean,
    covariance,
    sample: (n, stream) => {
      const noise = new Float32Array(n * d);
      stream.fillNormal(noise);
      const z = new Float32Array(n * d);
      for (let start = 0; start < z.length; start += d) {
        for (let i = 0; i < d; i++) {
          let value = mean[i]!;
          for (let j = 0; j <= i; j++) value += lower[i]![j]! * noise[start + j]!;
          z[start + i] = value;
        }
      }
      return z;
    },
    logProb: (z) => {
      const white = new Float64Array(d);
      return Float64Array.from({ length: rowsOf('logProb: z', z, d) }, (_, row) => {
        let squares = 0;
        for (let i = 0; i < d; i++) {
          let value = z[row * d + i]! - mean[i]!;
          for (let j = 0; j < i; j++) value -= lower[i]![j]! * white[j]!;
          white[i] = value / lower[i]![i]!;
          squares += white[i]! ** 2;
        }
        return -0.5 * squares - normalizer;
      });
    },
  };
};

/**
 * The Gaussian with the mean and covariance of the aggregate posterior q(z) = (1/N) Σ_i N(μ_i, diag σ_i²), by the law of
 * total covariance: of all Gaussians the one nearest to q(z) in KL(q ‖ ·).
 *
 *   m = mean_i μ_i,  C = mean_i (μ_i − m)(μ_i − m)ᵀ + diag mean_i σ_i²
 *
 * Shapes: mu, sigma [N, D], row-major.
 * Domain: sigma >= 0, and not 0 everywhere in a dimension unless the mu span it.
 * Throws: ShapeError when the arrays do not hold the same whole rows, RangeError when C is not positive definite.
 */
export const fittedGaussian = (mu: Float32Array, sigma: Float32Array, latents: number): FullGaussian => {
  const n = rowsOf('fittedGaussian: mu', mu, latents);
  if (sigma.length !== mu.length) {
    throw new ShapeError(`fittedGaussian: expected as many sigma as mu (${mu.length}), got ${sigma.length}`);
  }
  const mean = new Float64Array(latents);
  const covariance = new Float64Array(latents * latents);
  for (let i = 0; i < mu.length; i++) {
    mean[i % latents]! += mu[i]! / n;
    covariance[(i % latents) * (latents + 1)]! += sigma[i]! ** 2 / n;
  }
  const centred = new Float64Array(latents);
  for (let start = 0; start < mu.length; start += latents) {
    for (let i = 0; i < latents; i++) {
      centred[i] = mu[start + i]! - mean[i]!;
      const share = centred[i]! / n;
      const row = i * latents;
      for (let j = 0; j <= i; j++) covariance[row + j]! += share * centred[j]!;
    }
  }
  for (let i = 0; i < latents; i++)
    for (let j = 0; j < i; j++) covariance[j * latents + i] = covariance[i * latents + j]!;
  return fullGaussian(mean, covariance);
};

const rowsOf = (what: string, values: ArrayLike<number>, width: number): number => {
  const n = values.length / width;
  if (Number.isInteger(n) && n > 0) return n;
  throw new ShapeError(`${what}: expected rows of ${width} values, got ${values.length} values`);
};

/** L of C = L Lᵀ, row by row. */
const lowerFactor = (covariance: Float64Array, d: number): Float64Array[] => {
  if (covariance.length !== d * d) {
    throw new ShapeError(`fullGaussian: expected a covariance [${d}, ${d}], got ${covariance.length} values`);
  }
  // The decomposition insists on a symmetric matrix: the upper triangle is a copy of the lower one.
  const symmetric = new Matrix(d, d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) symmetric.set(i, j, covariance[Math.max(i, j) * d + Math.min(i, j)]!);
  }
  const cholesky = covariance.every(Number.isFinite) ? new CholeskyDecomposition(symmetric) : undefined;
  if (!cholesky?.isPositiveDefinite()) {
    throw new RangeError('fullGaussian: expected a positive definite covariance, got one that is not');
  }
  return cholesky.lowerTriangularMatrix.to2DArray().map((row) => Float64Array.from(row));
};
