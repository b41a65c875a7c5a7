import { InputError, ShapeError } from '../../engine/errors/index.js';
import { input, mul, softplus, sub, sum } from '../../engine/graph/index.js';
import { toBatchModel } from '../../engine/onnx/index.js';
import { simplify } from '../../engine/passes/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import { VERSION } from '../../vae/training/index.js';

/** What bounds take of a trained model: `Model` of a run has these. */
export interface Autoencoder {
  /** Shapes: x [n, P] in 0 … 1 -> mu, sigma [n, D]. */
  encode(x: Float32Array): Promise<{ readonly mu: Float32Array; readonly sigma: Float32Array }>;
  /** Log-odds of p(x | z). Shapes: z [n, D] -> [n, P]. */
  decodeLogits(z: Float32Array): Promise<Float32Array>;
}

/** A decoder's density. Shapes: x [n, P], z [n K, D], the K rows of an image one after the other -> [n K] nats. */
export type LogLikelihood = (x: Float32Array, z: Float32Array) => Promise<ArrayLike<number>>;

/** K draws z ~ q_i for each image with ln p(x_i | z) and ln q_i(z): what every bound is made of. */
export interface ScoredDraws {
  readonly images: number;
  /** K, draws of one image. */
  readonly draws: number;
  readonly latents: number;
  /** [n K, D], the draws of an image one after the other. */
  readonly z: Float32Array;
  /** ln p(x_i | z), [n K] nats. */
  readonly score: Float64Array;
  /** ln q_i(z), [n K] nats. */
  readonly logPosterior: Float64Array;
  readonly seed: number;
}

export interface ScoreOptions {
  /** K. */
  readonly draws: number;
  readonly seed: number;
  /** Share done, 0 … 1; throws to interrupt. */
  readonly onProgress?: (share: number) => void;
}

/** Draws that are decoded at once: their logits of 784 pixels are 12 MB. */
const BLOCK = 4000;

/** Log-likelihoods of k decoded draws for each image. Shapes: x [n, 1, P], logits [n, k, P] -> score [n, k]. */
const scoreModel = (k: number, pixels: number): Uint8Array =>
  toBatchModel(
    (batch) => {
      const logits = input('logits', [batch, k, pixels]);
      const [score] = simplify([sum(sub(mul(input('x', [batch, 1, pixels]), logits), softplus(logits)), 2)]);
      return { score: score! };
    },
    { version: VERSION },
  );

/**
 * ln p(x | z) of a decoder of Bernoulli pixels.
 *
 *   Σ_p x_p l_p − ln(1 + exp l_p)
 *
 * Shapes: x [n, P], z [n K, D] -> [n K]. Units: nats per image; float32, with an error of about 1e-6 of Σ softplus(l).
 * Throws: InputError for a pixel that is neither 0 nor 1: on grey data the cross-entropy is no likelihood.
 */
export const bernoulliLikelihood =
  (decodeLogits: Autoencoder['decodeLogits'], pixels: number, runtime: Runtime): LogLikelihood =>
  async (x, z) => {
    requireBinary(x, pixels);
    const logits = await decodeLogits(z);
    const n = x.length / pixels;
    const k = logits.length / x.length;
    if (!Number.isInteger(n) || !Number.isInteger(k)) {
      throw new ShapeError(
        `bernoulliLikelihood: expected as many draws for each image of ${pixels} pixels, got ${x.length} pixels and ${logits.length} logits`,
      );
    }
    const session = await runtime.load(scoreModel(k, pixels));
    try {
      const out = await session.run({ x: float32(x, [n, 1, pixels]), logits: float32(logits, [n, k, pixels]) });
      return out.score!.data as Float32Array;
    } finally {
      await session.release();
    }
  };

const requireBinary = (x: Float32Array, pixels: number): void => {
  const grey = x.findIndex((value) => value !== 0 && value !== 1);
  if (grey < 0) return;
  const image = Math.floor(grey / pixels);
  throw new InputError(
    `bernoulliLikelihood: expected pixels 0 or 1, got ${x[grey]} in image ${image}: binarise the images first`,
  );
};

/**
 * Draws z ~ q(z | x_i), K for each image, with their densities. Every sampler's bound is made of the same draws, so that
 * differences between samplers are paired. The draws of image i depend on seed and i alone, and the first k of K draws
 * are those of k.
 *
 *   z = μ + σ ε,  ln q_i(z) = Σ_d −½ ((z_d − μ_d)/σ_d)² − ln σ_d − ½ ln 2π, from z as rounded to float32
 *
 * Shapes: x [n, P]; held out, n at least 2.
 * Domain: σ > 0.
 * Throws: ShapeError for a part of a row, and what encoder and likelihood throw.
 */
export const scoreDraws = async (
  encode: Autoencoder['encode'],
  likelihood: LogLikelihood,
  x: Float32Array,
  pixels: number,
  { draws, seed, onProgress }: ScoreOptions,
): Promise<ScoredDraws> => {
  const images = x.length / pixels;
  if (!Number.isInteger(images) || images < 2 || !Number.isInteger(draws) || draws < 1) {
    throw new ShapeError(
      `scoreDraws: expected at least 2 rows of ${pixels} pixels and 1 draw, got ${x.length} values and ${draws} draws`,
    );
  }
  const { mu, sigma } = await encode(x);
  const latents = mu.length / images;
  const { z, logPosterior } = drawPosteriors(mu, sigma, latents, draws, seed);
  const score = new Float64Array(images * draws);
  const block = Math.max(1, Math.floor(BLOCK / draws));
  for (let start = 0; start < images; start += block) {
    const end = Math.min(images, start + block);
    const some = await likelihood(
      x.subarray(start * pixels, end * pixels),
      z.subarray(start * draws * latents, end * draws * latents),
    );
    score.set(some, start * draws);
    onProgress?.(end / images);
  }
  return { images, draws, latents, z, score, logPosterior, seed };
};

const drawPosteriors = (
  mu: Float32Array,
  sigma: Float32Array,
  latents: number,
  draws: number,
  seed: number,
): Pick<ScoredDraws, 'z' | 'logPosterior'> => {
  const images = mu.length / latents;
  const z = new Float32Array(images * draws * latents);
  const logPosterior = new Float64Array(images * draws);
  const constant = 0.5 * latents * Math.log(2 * Math.PI);
  for (let i = 0; i < images; i++) {
    keyedStream(seed, 'evaluation/noise', i).fillNormal(z.subarray(i * draws * latents, (i + 1) * draws * latents));
    for (let s = i * draws; s < (i + 1) * draws; s++) {
      let sum = -constant;
      for (let d = 0; d < latents; d++) {
        const [at, from] = [s * latents + d, i * latents + d];
        z[at] = mu[from]! + sigma[from]! * z[at]!;
        const t = (z[at]! - mu[from]!) / sigma[from]!;
        sum -= 0.5 * t * t + Math.log(sigma[from]!);
      }
      logPosterior[s] = sum;
    }
  }
  return { z, logPosterior };
};
