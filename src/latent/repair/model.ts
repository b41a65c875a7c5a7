import { keyedStream } from '../../engine/random/index.js';
import type { Draws, Posteriors } from '../audit/codes.js';
import type { FeatureExtractor, LogLikelihood, ScoredDraws } from '../evaluation/index.js';

/** A decoder with the images that its samples are held against. */
export interface RepairModel {
  /** P. */
  readonly pixels: number;
  /** Means of p(x | z). Shapes: z [n, D] -> [n, P] in 0 … 1. */
  decode(z: Float32Array): Promise<Float32Array>;
  /** ln p(x | z) of images as `heldOut` has them; absent where there is no likelihood, as of grey pixels under Bernoulli. */
  readonly likelihood?: LogLikelihood;
  /** Images of the held-out codes, in their order. [n, P] */
  readonly heldOut: Float32Array;
  /** Training images, or some of them. [m, P] */
  readonly training: Float32Array;
  readonly extractor: FeatureExtractor;
}

/** Held-out codes decoded at once. */
const BLOCK = 4000;

/**
 * ln p(x_i | z_i) and ln q_i(z_i) of one draw of each held-out code: the draws that samplers are chosen by give their
 * bounds too.
 *
 *   ln q_i(z) = Σ_d −½ ((z_d − μ_d)/σ_d)² − ln σ_d − ½ ln 2π
 */
export const scoreHeldOut = async (
  { mu, sigma, latents }: Posteriors,
  { z, n }: Draws,
  { pixels, heldOut }: Pick<RepairModel, 'pixels' | 'heldOut'>,
  likelihood: LogLikelihood,
  seed: number,
): Promise<ScoredDraws> => {
  const score = new Float64Array(n);
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    const images = heldOut.subarray(from * pixels, to * pixels);
    score.set(await likelihood(images, z.subarray(from * latents, to * latents)), from);
  }
  const constant = 0.5 * latents * Math.log(2 * Math.PI);
  const logPosterior = Float64Array.from({ length: n }, (_, i) => {
    let sum = -constant;
    for (let at = i * latents; at < (i + 1) * latents; at++) {
      sum -= 0.5 * ((z[at]! - mu[at]!) / sigma[at]!) ** 2 + Math.log(sigma[at]!);
    }
    return sum;
  });
  return { images: n, draws: 1, latents, z, score, logPosterior, seed };
};

/** Some rows of images, by the seed: what other real images are. Shapes: [n, P] -> [min(n, most), P]. */
export const rowsOfImages = (images: Float32Array, pixels: number, most: number, seed: number): Float32Array => {
  const n = images.length / pixels;
  if (n <= most) return images;
  return rowsAt(images, pixels, keyedStream(seed, 'repair/images', 0).permutation(n).subarray(0, most));
};

/** Some rows of images, in the order given. Shapes: [n, P] -> [rows, P]. */
export const rowsAt = (images: Float32Array, pixels: number, rows: ArrayLike<number>): Float32Array => {
  const out = new Float32Array(rows.length * pixels);
  for (let i = 0; i < rows.length; i++) {
    out.set(images.subarray(rows[i]! * pixels, (rows[i]! + 1) * pixels), i * pixels);
  }
  return out;
};

/** The model with some of its held-out images, in the order given. */
export const withImagesAt = (model: RepairModel, rows: ArrayLike<number>): RepairModel => ({
  ...model,
  heldOut: rowsAt(model.heldOut, model.pixels, rows),
});
