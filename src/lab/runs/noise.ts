import { keyedStream } from '../../engine/random/index.js';

/** Draws of N(0, 1), the same for every regime of a seed, so that runs differ by what was learned alone. */
export const noise = (seed: number, stream: string, length: number): Float32Array => {
  const draws = new Float32Array(length);
  keyedStream(seed, stream, 0).fillNormal(draws);
  return draws;
};
