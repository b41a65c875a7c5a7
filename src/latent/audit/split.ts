import { keyedStream } from '../../engine/random/index.js';
import type { Codes, Draws } from './codes.js';

const rowsOfArray = (values: Float32Array, rows: ArrayLike<number>, latents: number): Float32Array => {
  const out = new Float32Array(rows.length * latents);
  for (let i = 0; i < rows.length; i++) {
    out.set(values.subarray(rows[i]! * latents, (rows[i]! + 1) * latents), i * latents);
  }
  return out;
};

/** Some rows of codes, in the order given. */
export const selectRows = <C extends Codes>(codes: C, rows: ArrayLike<number>): C => {
  const { latents } = codes;
  const shape = { n: rows.length, latents };
  return (
    'mu' in codes
      ? { ...shape, mu: rowsOfArray(codes.mu, rows, latents), sigma: rowsOfArray(codes.sigma, rows, latents) }
      : { ...shape, z: rowsOfArray(codes.z, rows, latents) }
  ) as C;
};

/** Two halves of 0 … n − 1 by the seed, each ascending; the first has the odd one. */
export const halves = (n: number, seed: number): { readonly train: Uint32Array; readonly test: Uint32Array } => {
  const order = keyedStream(seed, 'audit/split', 0).permutation(n);
  const first = Math.ceil(n / 2);
  return { train: order.slice(0, first).sort(), test: order.slice(first).sort() };
};

/** One draw z ~ q_i a row, by the seed; draws stay as they are. */
export const drawsOf = (codes: Codes, seed: number, part: 'train' | 'test'): Draws => {
  if ('z' in codes) return codes;
  const { mu, sigma, n, latents } = codes;
  const z = new Float32Array(n * latents);
  keyedStream(seed, `audit/draws/${part}`, 0).fillNormal(z);
  for (let i = 0; i < z.length; i++) z[i] = mu[i]! + sigma[i]! * z[i]!;
  return { z, n, latents };
};

/** n draws of N(0, I) by the seed. */
export const priorDraws = (n: number, latents: number, seed: number): Draws => {
  const z = new Float32Array(n * latents);
  keyedStream(seed, 'audit/prior', 0).fillNormal(z);
  return { z, n, latents };
};

/** At most `most` rows, chosen by the seed, in their order. */
export const sampleRows = (n: number, most: number, seed: number): Uint32Array =>
  n <= most
    ? Uint32Array.from({ length: n }, (_, i) => i)
    : keyedStream(seed, 'audit/rows', 0).permutation(n).slice(0, most).sort();
