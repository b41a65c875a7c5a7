import { describe, expect, it } from 'vitest';
import { keyedStream } from '../../../engine/random/index.js';
import type { Draws } from '../codes.js';
import { aucOf } from './auc.js';
import { c2st } from './c2st.js';
import { priorDraws } from './options.js';
import { normalCdf } from './specialFunctions.js';

const floors = new Map<string, readonly number[]>();

/** Prior draws, each row changed in place. */
const changed = (n: number, latents: number, seed: number, change: (row: Float32Array) => void): Draws => {
  const draws = priorDraws(n, latents, seed, 'codes');
  for (let i = 0; i < n; i++) change(draws.z.subarray(i * latents, (i + 1) * latents));
  return draws;
};

const random = keyedStream(5, 'test', 0);

describe('the classifier test', () => {
  it('sees a shift of 0.25 in one of 8 dimensions at n = 5,000 at least 95 times in 100', () => {
    const repeats = 30;
    let seen = 0;
    let accuracy = 0;
    for (let seed = 0; seed < repeats; seed++) {
      const z = changed(5000, 8, seed, (row) => {
        row[0]! += 0.25;
      });
      const test = c2st(z, { seed, floors }).accuracy;
      accuracy += test.value / repeats;
      if (test.interval![0] > 0.5) seen++;
    }
    expect(seen / repeats).toBeGreaterThanOrEqual(0.95);
    // No classifier can do better than Φ(0.125).
    expect(accuracy).toBeLessThan(normalCdf(0.125));
    expect(accuracy).toBeGreaterThan(0.53);
  });

  it.each<[string, number, (row: Float32Array) => void]>([
    ['a scale', 8, (row) => row.set([1.25 * row[0]!])],
    ['a correlation', 8, (row) => row.set([0.9539392 * row[0]! + 0.3 * row[1]!])],
    [
      'a shell',
      8,
      (row) => {
        const stretch = (Math.sqrt(8) * (1 + 0.1 * random.normal())) / Math.hypot(...row);
        row.set(row.map((x) => stretch * x));
      },
    ],
    [
      'a hole',
      2,
      (row) => {
        while ((row[0]! - 1) ** 2 + row[1]! ** 2 < 0.36) row.set([random.normal(), random.normal()]);
      },
    ],
    [
      'a mixture with the moments of N(0, I)',
      4,
      (row) => row.set([0.9 * Math.sign(random.normal()) + 0.43589 * row[0]!]),
    ],
    ['a collapsed dimension', 8, (row) => row.set([0.01 * row[0]!])],
    ['a constant dimension', 8, (row) => row.set([0])],
  ])('sees %s', (_, latents, change) => {
    const { accuracy, auc } = c2st(changed(6000, latents, 3, change), { seed: 1, floors });
    expect(accuracy.interval![0]).toBeGreaterThan(0.5);
    expect(auc.interval![0]).toBeGreaterThan(0.5);
    expect(Math.max(accuracy.pValue!, auc.pValue!)).toBeLessThan(0.01);
  });

  it('is the same for the same seed, and says what it used', () => {
    const z = priorDraws(500, 3, 1, 'codes');
    const { accuracy, auc } = c2st(z, { seed: 4, floors });
    expect(c2st(z, { seed: 4, floors })).toEqual({ accuracy, auc });
    expect([accuracy.n, auc.n, accuracy.seed]).toEqual([500, 500, 4]);
    expect(accuracy.by).toBe('500 codes, half to train on, and as many prior draws');
    expect(accuracy.interval![0]).toBeLessThan(accuracy.value);
    expect(accuracy.interval![1]).toBeGreaterThan(accuracy.value);
  });

  it('bears one row many times, and needs 20 codes', () => {
    const same = { z: new Float32Array(150).fill(0.5), n: 50, latents: 3 };
    const { accuracy, auc } = c2st(same, { seed: 1, floors });
    expect(accuracy.value).toBeGreaterThan(0.9);
    expect(auc.value).toBeGreaterThan(0.9);
    expect(() => c2st(priorDraws(19, 2, 1, 'codes'), { seed: 1 })).toThrow('c2st: expected at least 20 codes, got 19');
  });
});

describe('the area under the curve', () => {
  it('is 1 for scores that part, ½ for scores all one', () => {
    expect(aucOf(Float64Array.of(2, 3), Float64Array.of(0, 1, 1)).value).toBe(1);
    expect(aucOf(new Float64Array(4), new Float64Array(5))).toEqual({ value: 0.5, se: 0, nullSd: 0 });
  });

  it('of two normals is Φ(δ/√2), within its standard error', () => {
    const stream = keyedStream(1, 'auc', 0);
    const positive = Float64Array.from({ length: 4000 }, () => 0.5 + stream.normal());
    const negative = Float64Array.from({ length: 3000 }, () => stream.normal());
    const { value, se } = aucOf(positive, negative);
    expect(Math.abs(value - normalCdf(0.5 / Math.SQRT2))).toBeLessThan(4 * se);
  });
});
