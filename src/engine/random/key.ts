/**
 * 128 bits of state from a key (seed, stream, step).
 *
 * The key is cut into blocks of four words, each block is added (xor) to the state, and the state goes through the eight
 * rounds of the Chaskey permutation: one flipped bit anywhere in the key flips each bit of the state with probability ½.
 *
 * Domain: seed and step are whole numbers in 0 … 2^53 - 1; stream is any string (its UTF-16 code units count).
 * Throws: RangeError on another seed or step.
 * Source: Mouha et al. 2014, "Chaskey: an efficient MAC algorithm for 32-bit microcontrollers", IACR ePrint 2014/386.
 */
export const stateOfKey = (seed: number, stream: string, step: number): Int32Array => {
  requireWhole('seed', seed, stream);
  requireWhole('step', step, stream);
  const state = new Int32Array(4);
  absorb(state, FORMAT, low(seed), high(seed), stream.length);
  for (let i = 0; i < stream.length; i += 8) {
    absorb(state, pair(stream, i), pair(stream, i + 2), pair(stream, i + 4), pair(stream, i + 6));
  }
  absorb(state, low(step), high(step), 0, 0);
  return state;
};

/** Keeps the first block from being all zero, the fixed point of the permutation. A new number makes all streams new. */
const FORMAT = 0x7a644901;

const low = (n: number): number => n | 0;
const high = (n: number): number => Math.floor(n / 0x1_0000_0000);
/** Two code units in a word; past the end there are zeros, which the length in the first block tells from text. */
const pair = (text: string, i: number): number => (unit(text, i) << 16) | unit(text, i + 1);
const unit = (text: string, i: number): number => (i < text.length ? text.charCodeAt(i) : 0);
const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

const absorb = (state: Int32Array, a: number, b: number, c: number, d: number): void => {
  let v0 = state[0]! ^ a;
  let v1 = state[1]! ^ b;
  let v2 = state[2]! ^ c;
  let v3 = state[3]! ^ d;
  for (let round = 0; round < 8; round++) {
    v0 = (v0 + v1) | 0;
    v1 = rotl(v1, 5) ^ v0;
    v0 = rotl(v0, 16);
    v2 = (v2 + v3) | 0;
    v3 = rotl(v3, 8) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = rotl(v3, 13) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = rotl(v1, 7) ^ v2;
    v2 = rotl(v2, 16);
  }
  state[0] = v0;
  state[1] = v1;
  state[2] = v2;
  state[3] = v3;
};

const requireWhole = (what: string, n: number, stream: string): void => {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(`keyedStream "${stream}": expected ${what} to be a whole number in 0 … 2^53 - 1, got ${n}`);
  }
};
