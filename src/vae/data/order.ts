import { keyedStream } from '../../engine/random/index.js';

/**
 * The order in which an epoch visits the examples: a permutation of 0 … n - 1, drawn without the epochs before it.
 *
 * Throws: RangeError when seed or epoch is no whole number in 0 … 2^53 - 1.
 */
export const epochOrder = (seed: number, epoch: number, n: number): Uint32Array =>
  keyedStream(seed, 'order', epoch).permutation(n);
