import { InputError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import type { Draws } from '../codes.js';
import type { FloorCache } from '../noiseFloor/floor.js';

/** What every two-sample test takes beside the codes. */
export interface TestOptions {
  /** Of the subset of rows, the prior draws, projections, exchanges and features. */
  readonly seed: number;
  /** Where noise floors are kept from one audit to the next; without it they are drawn anew. */
  readonly floors?: FloorCache;
}

/** Codes that Mardia's statistics need: with fewer, their own covariance takes up what there is to measure. */
export const mardiaRows = (latents: number): number => 2 * latents + 10;

/** Throws: InputError for fewer rows than a test needs. */
export const requireRows = (what: string, z: Draws, least: number): void => {
  if (z.n < least) throw new InputError(`${what}: expected at least ${least} codes, got ${z.n}`);
};

/**
 * At most `most` rows of z in an order drawn by seed, so that any part of them is a random part. Every test has a stream
 * of its own: the subsets of two tests are independent.
 *
 * Shapes: z [N, D] -> [min(N, most), D].
 */
export const rowsBySeed = (z: Draws, most: number, seed: number, stream: string): Draws => {
  const { latents } = z;
  const n = Math.min(z.n, most);
  const order = keyedStream(seed, `${stream}/rows`, 0).permutation(z.n);
  const rows = new Float32Array(n * latents);
  for (let i = 0; i < n; i++) {
    const start = order[i]! * latents;
    rows.set(z.z.subarray(start, start + latents), i * latents);
  }
  return { z: rows, n, latents };
};

/** n draws from N(0, I). Shapes: -> [n, D]. */
export const priorDraws = (n: number, latents: number, seed: number, stream: string, step = 0): Draws => {
  const z = new Float32Array(n * latents);
  keyedStream(seed, stream, step).fillNormal(z);
  return { z, n, latents };
};

/** ` of 60,000` where a subset was used, else nothing. */
export const outOf = (used: number, all: number): string => (used < all ? ` of ${all.toLocaleString('en-US')}` : '');

/** `2,000 of 60,000 codes`. */
export const codesUsed = (used: number, all: number): string =>
  `${used.toLocaleString('en-US')}${outOf(used, all)} codes`;
