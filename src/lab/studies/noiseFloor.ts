import { keyedStream } from '../../engine/random/index.js';
import { momentMatchedKl } from '../../vae/distributions/index.js';
import { estimate } from '../../vae/training/index.js';
import type { NoiseFloor } from './study.js';

const REPLICATES = 20;

/**
 * What the moment-matched KL says of batches of true N(0, I) draws: not zero, since a batch is finite. Mean and
 * covariance with 1/B, as for the codes of a run.
 *
 * Domain: batch > latents. Units: nats.
 * Throws: RangeError when the batch is too small for a covariance.
 */
export const noiseFloor = (latents: number, batch: number, seed: number): NoiseFloor => {
  const draws = new Float32Array(batch * latents);
  const values = Array.from({ length: REPLICATES }, (_, replicate) => {
    keyedStream(seed, 'noise/floor', replicate).fillNormal(draws);
    return momentMatchedKl(momentsOf(draws, latents));
  });
  return { latents, batch, momentKlDraws: estimate(values, seed) };
};

/** Shapes: rows [B, D] -> mean [D], covariance [D, D]. Centred first: no digits are lost. */
const momentsOf = (rows: Float32Array, d: number): { mean: Float64Array; covariance: Float64Array } => {
  const count = rows.length / d;
  const mean = new Float64Array(d);
  for (let i = 0; i < rows.length; i++) mean[i % d]! += rows[i]! / count;
  const covariance = new Float64Array(d * d);
  const centred = new Float64Array(d);
  for (let start = 0; start < rows.length; start += d) {
    for (let j = 0; j < d; j++) centred[j] = rows[start + j]! - mean[j]!;
    for (let j = 0; j < d; j++) {
      for (let k = 0; k <= j; k++) covariance[j * d + k]! += (centred[j]! * centred[k]!) / count;
    }
  }
  for (let j = 0; j < d; j++) for (let k = 0; k < j; k++) covariance[k * d + j] = covariance[j * d + k]!;
  return { mean, covariance };
};
