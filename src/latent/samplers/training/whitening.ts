import { CholeskyDecomposition, Matrix, solve } from 'ml-matrix';
import { InputError } from '../../../engine/errors/index.js';
import { add, constant, matmul, sub, type Tensor } from '../../../engine/graph/index.js';
import type { TrainingCodes } from '../sampler.js';

/** z = m + L w: the codes' mean and a lower triangular factor of their covariance, so that w has mean 0 and covariance I. */
export interface Whitening {
  readonly latents: number;
  /** [D] */
  readonly mean: Float32Array;
  /** L, [D, D], row-major. */
  readonly factor: Float32Array;
  /** What was done where the covariance was singular. */
  readonly note?: string;
}

/** Share of a dimension's variance that must be left when the dimensions before it are known. */
const LEAST_SHARE = 1e-6;
/** Standard deviation of a dimension that never changes, beside the widest one. */
const LEAST_SPREAD = 1e-4;

/**
 * Mean and covariance of the aggregate posterior, by the law of total covariance, as a change of variables.
 *
 *   m = mean_i μ_i,  C = mean_i (μ_i − m)(μ_i − m)ᵀ + diag mean_i σ_i²,  C = L Lᵀ
 *
 * A dimension that never changes gets a small spread, and a correlation matrix that is singular to float32 gets a ridge;
 * the note then says so.
 *
 * Shapes: mu, sigma [N, D].
 * Throws: InputError when a code is not finite.
 */
export const fitWhitening = (codes: TrainingCodes): Whitening => {
  const { mean, covariance } = momentsOf(codes);
  const d = codes.latents;
  if (![...mean, ...covariance].every(Number.isFinite)) {
    throw new InputError('codes: expected finite values, got one that is not');
  }
  const widest = Math.sqrt(Math.max(...mean.map((_, i) => covariance[i * d + i]!))) || 1;
  const spread = mean.map((_, i) => Math.max(Math.sqrt(covariance[i * d + i]!), LEAST_SPREAD * widest));
  const correlation = (i: number, j: number): number => covariance[i * d + j]! / spread[i]! / spread[j]!;
  const widened = mean.reduce((n, _, i) => n + (correlation(i, i) < 0.99 ? 1 : 0), 0);
  for (let ridge = 0; ; ridge = Math.max(LEAST_SHARE, 10 * ridge)) {
    const matrix = new Matrix(d, d);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) matrix.set(i, j, i === j ? 1 + ridge : correlation(Math.max(i, j), Math.min(i, j)));
    }
    const cholesky = new CholeskyDecomposition(matrix);
    const lower = cholesky.lowerTriangularMatrix;
    if (!cholesky.isPositiveDefinite() || lower.diagonal().some((v) => v * v < LEAST_SHARE)) continue;
    const factor = new Float32Array(d * d);
    for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) factor[i * d + j] = spread[i]! * lower.get(i, j);
    const done = [
      ...(widened > 0
        ? [`${widened} constant dimension${widened === 1 ? ' was' : 's were'} given a small spread`]
        : []),
      ...(ridge > 0
        ? [`the covariance was singular: ${ridge.toExponential(0)} added to the correlations' diagonal`]
        : []),
    ];
    return { latents: d, mean: Float32Array.from(mean), factor, ...(done.length > 0 ? { note: done.join('; ') } : {}) };
  }
};

const momentsOf = ({ mu, sigma, n, latents }: TrainingCodes): { mean: Float64Array; covariance: Float64Array } => {
  const mean = new Float64Array(latents);
  const covariance = new Float64Array(latents * latents);
  for (let i = 0; i < n * latents; i++) mean[i % latents]! += mu[i]! / n;
  const centred = new Float64Array(latents);
  for (let start = 0; start < n * latents; start += latents) {
    for (let i = 0; i < latents; i++) {
      centred[i] = mu[start + i]! - mean[i]!;
      const row = i * latents;
      for (let j = 0; j <= i; j++) covariance[row + j]! += (centred[i]! * centred[j]!) / n;
      covariance[row + i]! += sigma[start + i]! ** 2 / n;
    }
  }
  return { mean, covariance };
};

/** z of whitened codes: m + L w. Shapes: [B, D] -> [B, D]. */
export const unwhitened = ({ latents, mean, factor }: Whitening, white: Tensor): Tensor =>
  add(matmul(white, constant([...factor], [latents, latents]), { transB: true }), constant([...mean], [latents]));

/** Whitened codes of z: L⁻¹ (z − m). Shapes: [B, D] -> [B, D]. */
export const whitened = ({ latents, mean, factor }: Whitening, z: Tensor): Tensor => {
  const inverse = solve(new Matrix(rowsOf(factor, latents)), Matrix.eye(latents)).to1DArray();
  return matmul(sub(z, constant([...mean], [latents])), constant(inverse, [latents, latents]), { transB: true });
};

/** ln |det dz/dw| = Σ_d ln L_dd, in nats. */
export const logVolume = ({ latents, factor }: Whitening): number => {
  let sum = 0;
  for (let i = 0; i < latents; i++) sum += Math.log(factor[i * (latents + 1)]!);
  return sum;
};

const rowsOf = (values: Float32Array, width: number): number[][] =>
  Array.from({ length: width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);
