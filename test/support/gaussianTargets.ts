import type { TrainingCodes } from '../../src/latent/samplers/sampler.js';
import { normals } from './latentCodes.js';

type Pair = readonly [number, number];

/** An even mixture of Gaussians of one covariance in one or two dimensions, and posteriors that add up to it. */
export interface Target {
  /** Posteriors whose aggregate has the law of the target; the label is the component. */
  readonly codes: (n: number, latents: number, seed?: number) => TrainingCodes;
  /** Shapes: -> [n, D]. */
  readonly draw: (n: number, latents: number, seed?: number) => Float32Array;
  readonly logProb: (z: ArrayLike<number>, latents: number) => Float64Array;
  /** E z_i and E z_i z_j, in the order of `momentColumns`. */
  readonly moments: (latents: number) => number[];
  readonly centre: Pair;
}

/** Standard deviation of every posterior. */
const SIGMA = 0.5;

/** Rows L e + m of a lower triangular L = [[a, 0], [b, c]], the means in turn; D = 1 takes the first dimension. */
const rowsOf = (noise: Float32Array, latents: number, means: readonly Pair[], [a, b, c]: readonly number[]) =>
  noise.map((e, i) => {
    const mean = means[Math.floor(i / latents) % means.length]!;
    return i % latents === 0 ? mean[0] + a! * e : mean[1] + b! * noise[i - 1]! + c! * e;
  });

/** The covariance of codes' means is L Lᵀ with L = [[a, 0], [b, c]]. */
export const gaussianTarget = (means: readonly Pair[], [a, b, c]: readonly [number, number, number]): Target => {
  const first = Math.hypot(a, SIGMA);
  const across = (a * b) / first;
  const second = Math.sqrt(b * b + c * c + SIGMA ** 2 - across ** 2);
  const covariance = [first ** 2, first * across, across ** 2 + second ** 2];
  const average = (value: (mean: Pair) => number): number =>
    means.reduce((sum, mean) => sum + value(mean), 0) / means.length;
  return {
    centre: means[0]!,
    codes: (n, latents, seed = 1) => ({
      mu: rowsOf(normals(n * latents, 'target/codes', seed), latents, means, [a, b, c]),
      sigma: new Float32Array(n * latents).fill(SIGMA),
      n,
      latents,
      labels: Int32Array.from({ length: n }, (_, row) => row % means.length),
    }),
    draw: (n, latents, seed = 1) =>
      rowsOf(normals(n * latents, 'target/draws', seed), latents, means, [first, across, second]),
    logProb: (z, latents) =>
      Float64Array.from({ length: z.length / latents }, (_, row) => {
        const densities = average((mean) => {
          const e = (z[row * latents]! - mean[0]) / first;
          const one = Math.exp(-0.5 * e * e) / first / Math.sqrt(2 * Math.PI);
          if (latents === 1) return one;
          const f = (z[row * 2 + 1]! - mean[1] - across * e) / second;
          return (one * Math.exp(-0.5 * f * f)) / second / Math.sqrt(2 * Math.PI);
        });
        return Math.log(densities);
      }),
    moments: (latents) => {
      const [x, xx] = [average((m) => m[0]), covariance[0]! + average((m) => m[0] ** 2)];
      if (latents === 1) return [x, xx];
      const xy = covariance[1]! + average((m) => m[0] * m[1]);
      return [x, average((m) => m[1]), xx, xy, covariance[2]! + average((m) => m[1] ** 2)];
    },
  };
};

/** Columns z_i and z_i z_j, j <= i, of which the means are the moments. */
export const momentColumns = (z: Float32Array, latents: number): Float64Array[] => {
  const column = (value: (row: number) => number) =>
    Float64Array.from({ length: z.length / latents }, (_, r) => value(r));
  const x = column((row) => z[row * latents]!);
  if (latents === 1) return [x, x.map((v) => v * v)];
  const y = column((row) => z[row * 2 + 1]!);
  return [x, y, x.map((v) => v * v), x.map((v, i) => v * y[i]!), y.map((v) => v * v)];
};
