import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { InputError } from '../../../engine/errors/index.js';
import type { Draws } from '../codes.js';

/** Squared pivots below this share of the variance are rounding: the dimension follows from those before it. */
const SINGULAR = 1e-10;

/**
 * The codes with mean 0 and covariance I: y = L⁻¹ (z − m), C = L Lᵀ, moments of the codes at hand (divided by n).
 *
 * Shapes: z [n, D] -> [n, D], float64.
 * Throws: InputError when a dimension is constant, or follows linearly from others.
 */
export const whitened = (what: string, { z, n, latents }: Draws): Float64Array => {
  const mean = new Float64Array(latents);
  for (let i = 0; i < z.length; i++) mean[i % latents]! += z[i]! / n;
  const y = Float64Array.from(z, (value, i) => value - mean[i % latents]!);
  const covariance = new Float64Array(latents * latents);
  for (let start = 0; start < y.length; start += latents) {
    for (let a = 0; a < latents; a++) {
      const share = y[start + a]! / n;
      for (let b = 0; b <= a; b++) covariance[a * latents + b]! += share * y[start + b]!;
    }
  }
  const lower = lowerFactor(what, covariance, mean, latents);
  for (let start = 0; start < y.length; start += latents) {
    for (let a = 0; a < latents; a++) {
      let value = y[start + a]!;
      for (let b = 0; b < a; b++) value -= lower[a * latents + b]! * y[start + b]!;
      y[start + a] = value / lower[a * latents + a]!;
    }
  }
  return y;
};

/** L, row-major, of the lower triangle of C. */
const lowerFactor = (what: string, covariance: Float64Array, mean: Float64Array, latents: number): Float64Array => {
  const matrix = new Matrix(latents, latents);
  for (let a = 0; a < latents; a++) {
    const variance = covariance[a * latents + a]!;
    if (variance <= 1e-14 * mean[a]! ** 2) {
      throw new InputError(`${what}: expected codes that vary in every dimension, got dimension ${a} constant`);
    }
    for (let b = 0; b <= a; b++) {
      matrix.set(a, b, covariance[a * latents + b]!);
      matrix.set(b, a, covariance[a * latents + b]!);
    }
  }
  const factor = new CholeskyDecomposition(matrix).lowerTriangularMatrix;
  const lower = new Float64Array(latents * latents);
  for (let a = 0; a < latents; a++) {
    if (!(factor.get(a, a) ** 2 > SINGULAR * covariance[a * latents + a]!)) {
      throw new InputError(
        `${what}: expected codes that vary in every direction, got dimension ${a} linear in the ones before it`,
      );
    }
    for (let b = 0; b <= a; b++) lower[a * latents + b] = factor.get(a, b);
  }
  return lower;
};
