import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { keyedStream } from './index.js';

interface Golden {
  readonly seed: number;
  readonly stream: string;
  readonly step: number;
  readonly uint32: number[];
  readonly uniform: number[];
  readonly normal: number[];
  readonly below1000: number[];
  readonly permutation: number[];
}
const reference = JSON.parse(readFileSync(new URL('../../../test/reference/random.json', import.meta.url), 'utf8')) as {
  streams: Golden[];
  tail: { seed: number; stream: string; step: number; beyond: number; normal: number[] };
};

const eight = (draw: () => number): number[] => Array.from({ length: 8 }, draw);
const uniforms = (seed: number, stream: string, step: number, n: number): Float32Array => {
  const out = new Float32Array(n);
  keyedStream(seed, stream, step).fillUniform(out);
  return out;
};

/** Correlation times √n: about N(0, 1) when the two are independent. */
const correlation = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - 0.5) * (b[i]! - 0.5) * 12;
  return sum / Math.sqrt(a.length);
};

describe('golden values', () => {
  it.each(reference.streams)('are those of the Python reference: seed $seed, "$stream", step $step', (golden) => {
    const open = () => keyedStream(golden.seed, golden.stream, golden.step);
    let stream = open();
    expect(eight(() => stream.uint32())).toEqual(golden.uint32);
    stream = open();
    expect(eight(() => stream.uniform())).toEqual(golden.uniform);
    stream = open();
    expect(eight(() => stream.normal())).toEqual(golden.normal);
    stream = open();
    expect(eight(() => stream.below(1000))).toEqual(golden.below1000);
    expect([...open().permutation(8)]).toEqual(golden.permutation);
  });

  it('reach into the tail', () => {
    const { seed, stream, step, beyond, normal } = reference.tail;
    const draws = keyedStream(seed, stream, step);
    const found: number[] = [];
    while (found.length < 8) {
      const x = draws.normal();
      if (Math.abs(x) > beyond) found.push(x);
    }
    expect(found).toEqual(normal);
  });
});

describe('a keyed stream', () => {
  it('gives step k without the steps before it, and the same again', () => {
    const late = uniforms(3, 'noise', 1_000_000, 64);
    for (let step = 0; step < 5; step++) uniforms(3, 'noise', step, 64);
    expect(uniforms(3, 'noise', 1_000_000, 64)).toEqual(late);
  });

  it('is independent of streams whose key differs in one thing', () => {
    const n = 100_000;
    const base = uniforms(5, 'noise', 7, n);
    const others: [number, string, number][] = [
      [6, 'noise', 7],
      [5 + 2 ** 32, 'noise', 7],
      [5, 'noisf', 7],
      [5, 'noise ', 7],
      [5, '', 7],
      [5, 'noise', 8],
      [5, 'noise', 7 + 2 ** 32],
      [7, 'noise', 5],
    ];
    for (const [seed, stream, step] of others) {
      const other = uniforms(seed, stream, step, n);
      expect(Math.abs(correlation(base, other)), `${seed} ${stream} ${step}`).toBeLessThan(4);
      expect(Math.abs(correlation(base.subarray(1), other.subarray(0, n - 1)))).toBeLessThan(4);
    }
  });

  it('has no pattern over neighbouring steps and seeds', () => {
    const n = 50_000;
    const bySteps = Float32Array.from({ length: n }, (_, k) => keyedStream(1, 'a', k).uniform());
    const bySeeds = Float32Array.from({ length: n }, (_, k) => keyedStream(k, 'a', 1).uniform());
    for (const first of [bySteps, bySeeds]) {
      expect(Math.abs(correlation(first.subarray(1), first.subarray(0, n - 1)))).toBeLessThan(4);
      const mean = first.reduce((a, b) => a + b, 0) / n;
      expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * n));
    }
    expect(Math.abs(correlation(bySteps, bySeeds))).toBeLessThan(4);
  });

  it('sets each of the 32 bits half of the time', () => {
    const n = 50_000;
    const stream = keyedStream(2, 'bits', 0);
    const ones = new Float64Array(32);
    for (let i = 0; i < n; i++) {
      const bits = stream.uint32();
      for (let b = 0; b < 32; b++) ones[b]! += (bits >>> b) & 1;
    }
    for (const count of ones) expect(Math.abs(count - n / 2)).toBeLessThan(4 * Math.sqrt(n / 4));
  });

  it('fills arrays with what single calls give', () => {
    const single = keyedStream(9, 'fill', 0);
    const filled = new Float32Array(3000);
    keyedStream(9, 'fill', 0).fillNormal(filled);
    expect(filled).toEqual(Float32Array.from(filled, () => single.normal()));
    const ranged = new Float32Array(100);
    keyedStream(9, 'fill', 1).fillUniform(ranged, -0.25, 0.5);
    const plain = keyedStream(9, 'fill', 1);
    expect(ranged).toEqual(Float32Array.from(ranged, () => -0.25 + 0.75 * plain.uniform()));
  });

  it('refuses seeds and steps that are not whole numbers from 0 to 2^53 - 1', () => {
    expect(() => keyedStream(-1, 'a', 0)).toThrow(
      'keyedStream "a": expected seed to be a whole number in 0 … 2^53 - 1, got -1',
    );
    expect(() => keyedStream(0.5, 'a', 0)).toThrow(RangeError);
    expect(() => keyedStream(1, 'a', Number.NaN)).toThrow('expected step to be a whole number');
    expect(() => keyedStream(1, 'a', 2 ** 53)).toThrow(RangeError);
  });
});

describe('whole numbers', () => {
  const chiSquare = (counts: number[]): number => {
    const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
    return counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0);
  };
  /** Mean + 4 standard deviations of χ² with that many cells. */
  const limit = (cells: number): number => cells - 1 + 4 * Math.sqrt(2 * (cells - 1));

  it.each([1, 2, 6, 10, 97])('below(%i) is uniform', (n) => {
    const stream = keyedStream(4, 'below', n);
    const counts = new Array<number>(n).fill(0);
    for (let i = 0; i < 20_000; i++) counts[stream.below(n)]! += 1;
    expect(chiSquare(counts)).toBeLessThanOrEqual(limit(n));
  });

  it('below(3 · 2^30) has no bias to small numbers', () => {
    const stream = keyedStream(4, 'below', 0);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i++) counts[Math.floor(stream.below(3 * 2 ** 30) / 2 ** 30)]! += 1;
    expect(chiSquare(counts)).toBeLessThan(limit(3));
  });

  it('a permutation holds every number once', () => {
    for (const n of [0, 1, 2, 1000]) {
      const order = keyedStream(1, 'order', n).permutation(n);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });

  it('each order of four comes equally often', () => {
    const counts = new Map<string, number>();
    for (let step = 0; step < 24_000; step++) {
      const order = keyedStream(1, 'four', step).permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(chiSquare([...counts.values()])).toBeLessThan(limit(24));
  });

  it('says what a range must be', () => {
    const stream = keyedStream(1, 'a', 0);
    expect(() => stream.below(0)).toThrow('below: expected a whole number in 1 … 2^32, got 0');
    expect(() => stream.below(1.5)).toThrow(RangeError);
    expect(() => stream.permutation(-1)).toThrow('permutation: expected a whole number in 0 … 2^32 - 1, got -1');
  });
});
