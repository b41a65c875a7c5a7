import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normals } from '../../../../test/support/latentCodes.js';
import { quantileOf } from '../noiseFloor/index.js';
import { kolmogorovDistance } from '../twoSample/kolmogorov.js';
import { normalCdf } from '../twoSample/specialFunctions.js';
import {
  addToSketch,
  bucketsOf,
  distanceOverEdges,
  mergeSketches,
  quantileSketch,
  quantilesOf,
  widestShare,
} from './quantileSketch.js';

const BITS = 10;
const sketchOf = (values: ArrayLike<number>, columns = 1) => {
  const sketch = quantileSketch(columns, BITS);
  addToSketch(sketch, Float32Array.from(values));
  return sketch;
};
const everywhere = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
/** What a quantile may be off by: the width of a bucket at the order statistics around it, and a rounding. */
const bound = (value: number): number => 2 ** -BITS * (Math.abs(value) + 2 ** -6) * 1.001;

describe('quantileSketch', () => {
  it('has every quantile within its bound, of any floats', () => {
    const floats = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e30), max: Math.fround(1e30) });
    fc.assert(
      fc.property(
        fc.array(floats, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, p) => {
          const ascending = Float32Array.from(values).sort();
          const [got] = quantilesOf(bucketsOf(sketchOf(values), 0), [p], everywhere);
          const rank = p * (ascending.length - 1);
          const [below, above] = [ascending[Math.floor(rank)]!, ascending[Math.ceil(rank)]!];
          expect(got).toBeGreaterThanOrEqual(below - bound(below));
          expect(got).toBeLessThanOrEqual(above + bound(above));
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });

  it('is close to the order statistics of many normals, and exact in its counts', () => {
    const values = normals(50_000, 'sketch');
    const buckets = bucketsOf(sketchOf(values), 0);
    expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(50_000);
    for (const { low, high, count } of buckets.filter((_, i) => i % 97 === 0)) {
      // Edges are those of |x| + 1/64 in float32.
      const slack = 2 ** -23 * (Math.abs(low) + 1);
      const inside = values.filter((v) => v >= low - slack && v <= high + slack).length;
      expect(inside).toBeGreaterThanOrEqual(count);
    }
    const ascending = values.slice().sort();
    const probabilities = [0, 0.001, 0.025, 0.25, 0.5, 0.75, 0.975, 0.999, 1];
    quantilesOf(buckets, probabilities, [ascending[0]!, ascending.at(-1)!]).forEach((got, i) => {
      const expected = quantileOf(ascending, probabilities[i]!);
      expect(Math.abs(got - expected)).toBeLessThanOrEqual(bound(expected) + 1e-3);
    });
  });

  it('keeps columns apart, zeros and both signs', () => {
    const sketch = sketchOf([0, 5, -0, 5, -1, -5, 1, 1e-9], 2);
    expect(bucketsOf(sketch, 0).map(({ count }) => count)).toEqual([1, 2, 1]);
    expect(bucketsOf(sketch, 1).map(({ count }) => count)).toEqual([1, 1, 2]);
    expect(sketch.n).toBe(4);
  });

  it('joins by adding counts', () => {
    const values = normals(3000, 'join');
    const whole = sketchOf(values);
    const parts = sketchOf(values.slice(2000));
    mergeSketches(parts, sketchOf(values.slice(0, 2000)));
    expect(bucketsOf(parts, 0)).toEqual(bucketsOf(whole, 0));
    expect(parts.n).toBe(3000);
  });

  it('gives the Kolmogorov–Smirnov distance from below, to the widest share of a bucket', () => {
    for (const shift of [0, 0.1, 1]) {
      const values = normals(20_000, 'ks').map((v) => v + shift);
      const buckets = bucketsOf(sketchOf(values), 0);
      const exact = kolmogorovDistance(values.slice().sort(), normalCdf);
      const got = distanceOverEdges(buckets, normalCdf);
      const widest = widestShare(buckets, normalCdf);
      expect(widest).toBeLessThan(2.5e-4);
      expect(got.value).toBeLessThanOrEqual(exact.value + 1e-7);
      expect(got.value).toBeGreaterThanOrEqual(exact.value - widest - 1e-7);
      expect(got.se).toBeCloseTo(exact.se, 4);
    }
  });
});
