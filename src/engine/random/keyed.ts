import { stateOfKey } from './key.js';
import { portableExp, portableLog } from './portable.js';
import { HEIGHT, INSIDE, TAIL_START, WIDTH } from './ziggurat.js';

/**
 * Random numbers of one key. Every method goes on from where the last call stopped; the numbers are the same bits in
 * Node.js and in every browser, because the generator uses 32-bit integers and the normals use portable arithmetic.
 */
export interface KeyedStream {
  /** Whole number in 0 … 2^32 - 1. */
  uint32(): number;
  /** Multiple of 2^-24 in [0, 1), so that float32 holds it exactly. */
  uniform(): number;
  /** out[i] = low + (high - low) uniform(), rounded to float32 (which may round up to `high` itself). */
  fillUniform(out: Float32Array, low?: number, high?: number): void;
  /** One draw from N(0, 1). */
  normal(): number;
  /** The draws that as many calls of normal() would give, rounded to float32. */
  fillNormal(out: Float32Array): void;
  /** Whole number in 0 … n - 1, each equally likely. Throws RangeError unless n is whole and in 1 … 2^32. */
  below(n: number): number;
  /** Every order of 0 … n - 1 equally likely (Fisher and Yates). Throws RangeError unless n is whole and in 0 … 2^32 - 1. */
  permutation(n: number): Uint32Array;
}

/**
 * The stream of random numbers named by (seed, stream, step). Step k is drawn without the steps before it, and streams
 * whose keys differ in anything are independent.
 *
 * Domain: seed and step whole numbers in 0 … 2^53 - 1.
 * Throws: RangeError on another seed or step.
 * Source: generator xoshiro128**, Blackman & Vigna 2021, arXiv:1805.01407; period 2^128 - 1.
 */
export const keyedStream = (seed: number, stream: string, step: number): KeyedStream =>
  new Xoshiro128(stateOfKey(seed, stream, step));

class Xoshiro128 implements KeyedStream {
  constructor(private readonly state: Int32Array) {
    if ((state[0]! | state[1]! | state[2]! | state[3]!) === 0) state[0] = 1; // the one state that never moves
  }

  uint32(): number {
    const s = this.state;
    const s1 = s[1]!;
    const s2 = s[2]! ^ s[0]!;
    const s3 = s[3]! ^ s1;
    s[1] = s1 ^ s2;
    s[0] = s[0]! ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    const scrambled = Math.imul(s1, 5);
    return Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
  }

  uniform(): number {
    return (this.uint32() >>> 8) * 2 ** -24;
  }

  fillUniform(out: Float32Array, low = 0, high = 1): void {
    const scale = (high - low) * 2 ** -24;
    for (let i = 0; i < out.length; i++) out[i] = low + (this.uint32() >>> 8) * scale;
  }

  normal(): number {
    return this.normalFrom(this.uint32());
  }

  /** The steps of uint32() and the common case of normal() with the state in local variables: half the time. */
  fillNormal(out: Float32Array): void {
    const s = this.state;
    let s0 = s[0]!;
    let s1 = s[1]!;
    let s2 = s[2]!;
    let s3 = s[3]!;
    for (let i = 0; i < out.length; i++) {
      const scrambled = Math.imul(s1, 5);
      const bits = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
      const shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      const layer = bits & 255;
      const position = (bits >> 8) + 0.5;
      if (Math.abs(position) < INSIDE[layer]!) out[i] = position * WIDTH[layer]!;
      else {
        s[0] = s0;
        s[1] = s1;
        s[2] = s2;
        s[3] = s3;
        out[i] = this.normalFrom(bits);
        s0 = s[0]!;
        s1 = s[1]!;
        s2 = s[2]!;
        s3 = s[3]!;
      }
    }
    s[0] = s0;
    s[1] = s1;
    s[2] = s2;
    s[3] = s3;
  }

  /** Ziggurat from a first draw, drawing on where that is rejected. */
  private normalFrom(first: number): number {
    for (let bits = first; ; bits = this.uint32()) {
      const layer = bits & 255;
      const position = (bits >> 8) + 0.5;
      const x = position * WIDTH[layer]!;
      if (Math.abs(position) < INSIDE[layer]!) return x;
      if (layer === 0) return position < 0 ? -this.tail() : this.tail();
      if (this.underCurve(x, layer)) return x;
    }
  }

  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x1_0000_0000) {
      throw new RangeError(`below: expected a whole number in 1 … 2^32, got ${n}`);
    }
    // The draws past the last whole multiple of n would favour small remainders.
    const fair = 0x1_0000_0000 - (0x1_0000_0000 % n);
    for (;;) {
      const bits = this.uint32();
      if (bits < fair) return bits % n;
    }
  }

  permutation(n: number): Uint32Array {
    if (!Number.isInteger(n) || n < 0 || n > 0xffff_ffff) {
      throw new RangeError(`permutation: expected a whole number in 0 … 2^32 - 1, got ${n}`);
    }
    const order = new Uint32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    return order;
  }

  /** Uniform on (0, 1), centred in its cell so that neither end occurs. */
  private open(): number {
    return (this.uint32() + 0.5) * 2 ** -32;
  }

  /** |x| given |x| > TAIL_START, exactly (Marsaglia 1964): an exponential proposal, accepted with e^(-a²/2). */
  private tail(): number {
    for (;;) {
      const a = -portableLog(this.open()) / TAIL_START;
      const b = -portableLog(this.open());
      if (b + b > a * a) return TAIL_START + a;
    }
  }

  /** Whether a point of the layer, uniform in height at x, lies under the curve. */
  private underCurve(x: number, layer: number): boolean {
    const y = HEIGHT[layer]! + this.open() * (HEIGHT[layer + 1]! - HEIGHT[layer]!);
    return y < portableExp(-0.5 * x * x);
  }
}
