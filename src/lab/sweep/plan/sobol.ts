import { keyedStream } from '../../../engine/random/index.js';

const BITS = 32;

/**
 * Degree s and coefficients a of the primitive polynomial, and the first s direction numbers m, of every dimension but
 * the first.
 *
 * Source: Joe & Kuo 2008, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput.
 * 30(5), table new-joe-kuo-6.21201, rows 2 to 21.
 */
const POLYNOMIALS: readonly (readonly [s: number, a: number, ...m: number[]])[] = [
  [1, 0, 1],
  [2, 1, 1, 3],
  [3, 1, 1, 3, 1],
  [3, 2, 1, 1, 1],
  [4, 1, 1, 1, 3, 3],
  [4, 4, 1, 3, 5, 13],
  [5, 2, 1, 1, 5, 5, 17],
  [5, 4, 1, 1, 5, 5, 5],
  [5, 7, 1, 1, 7, 11, 19],
  [5, 11, 1, 1, 5, 1, 1],
  [5, 13, 1, 1, 1, 3, 11],
  [5, 14, 1, 3, 5, 5, 31],
  [6, 1, 1, 3, 3, 9, 7, 49],
  [6, 13, 1, 1, 1, 15, 21, 21],
  [6, 16, 1, 3, 1, 13, 27, 49],
  [6, 19, 1, 1, 1, 15, 7, 5],
  [6, 22, 1, 3, 1, 15, 13, 25],
  [6, 25, 1, 1, 5, 5, 19, 61],
  [7, 1, 1, 3, 7, 11, 23, 15, 103],
  [7, 4, 1, 3, 7, 13, 13, 15, 69],
];

export const SOBOL_DIMENSIONS = POLYNOMIALS.length + 1;

/** The direction numbers of one dimension as binary fractions of 32 bits. */
const directions = (dimension: number): Uint32Array => {
  const v = new Uint32Array(BITS);
  if (dimension === 0) return v.map((_, k) => 1 << (BITS - 1 - k));
  const [s, a, ...m] = POLYNOMIALS[dimension - 1]!;
  for (let k = 0; k < BITS; k++) {
    if (k < s) {
      v[k] = m[k]! << (BITS - 1 - k);
      continue;
    }
    let value = v[k - s]! ^ (v[k - s]! >>> s);
    for (let i = 1; i < s; i++) if ((a >>> (s - 1 - i)) & 1) value ^= v[k - i]!;
    v[k] = value;
  }
  return v;
};

/**
 * Points of the Sobol sequence in [0, 1)^D, in the order of the Gray code; with a seed they are scrambled.
 *
 *   x_n = ⊕_k g_k v_k, g = n ⊕ ⌊n/2⌋; scrambled by Owen's nested permutation of the bits, drawn for each dimension
 *
 * Every block of 2^k points that begins at a multiple of 2^k has one point in each of the 2^k equal parts of every axis,
 * scrambled or not. Without a seed the first point is the origin.
 *
 * Domain: dimensions whole in 1 … 21; n whole in 0 … 2^32 − 1.
 * Source: Joe & Kuo 2008; Antonov & Saleev 1979 (Gray code); Burley 2020, "Practical hash-based Owen scrambling", JCGT
 * 9(4), with the hash of Laine & Karras 2011.
 */
export const sobolPoint = (n: number, dimensions: number, seed?: number): number[] => {
  const gray = (n ^ (n >>> 1)) >>> 0;
  return Array.from({ length: dimensions }, (_, dimension) => {
    const v = directions(dimension);
    let bits = 0;
    for (let k = 0; k < BITS; k++) if ((gray >>> k) & 1) bits ^= v[k]!;
    const scrambled = seed === undefined ? bits : scramble(bits, keyedStream(seed, 'sobol', dimension).uint32());
    return (scrambled >>> 0) / 2 ** BITS;
  });
};

const scramble = (bits: number, seed: number): number => reverse(hash(reverse(bits), seed));

/** A permutation in which each bit of the result depends on the same and the lower bits alone. */
const hash = (bits: number, seed: number): number => {
  let x = (bits + seed) | 0;
  x ^= Math.imul(x, 0x6c50b47c);
  x ^= Math.imul(x, 0xb82f1e52);
  x ^= Math.imul(x, 0xc7afe638);
  x ^= Math.imul(x, 0x8d22f6e6);
  return x;
};

const reverse = (bits: number): number => {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
};
