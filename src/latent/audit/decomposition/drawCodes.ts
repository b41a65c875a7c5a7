import { keyedStream } from '../../../engine/random/index.js';
import type { Posteriors } from '../codes.js';

/** Draws of the aggregate posterior, each with the density of the posterior it came from. */
export interface CodeDraws {
  /** [S, D] */
  readonly z: Float32Array;
  /** ln q_i(z), [S] nats. */
  readonly logPosterior: Float64Array;
}

/**
 * Pairs (i, z), i uniform over the codes and z ~ q_i, from the streams `audit/images` and `audit/codes` of the seed.
 */
export const drawCodes = ({ mu, sigma, n, latents }: Posteriors, draws: number, seed: number): CodeDraws => {
  const images = keyedStream(seed, 'audit/images', 0);
  const z = new Float32Array(draws * latents);
  keyedStream(seed, 'audit/codes', 0).fillNormal(z);
  const constant = 0.5 * latents * Math.log(2 * Math.PI);
  const logPosterior = new Float64Array(draws);
  for (let s = 0; s < draws; s++) {
    const code = images.below(n) * latents;
    let sum = -constant;
    for (let d = 0; d < latents; d++) {
      const at = s * latents + d;
      const scale = sigma[code + d]!;
      z[at] = mu[code + d]! + scale * z[at]!;
      // From z as rounded, not from the noise: all densities are to meet the same z.
      const t = (z[at]! - mu[code + d]!) / scale;
      sum -= 0.5 * t * t + Math.log(scale);
    }
    logPosterior[s] = sum;
  }
  return { z, logPosterior };
};
