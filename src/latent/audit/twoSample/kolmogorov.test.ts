import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { InputError } from '../../../engine/errors/index.js';
import { holm, kolmogorovDistance, kolmogorovPValue, kolmogorovSurvival, largestDistanceLaw } from './kolmogorov.js';
import { kolmogorovSmirnov, kolmogorovSmirnovByDimension } from './kolmogorovSmirnov.js';
import { priorDraws } from './options.js';
import { radius } from './radius.js';

describe("Kolmogorov's distance and law", () => {
  it('is read on both sides of each step', () => {
    const uniform = (x: number) => x;
    expect(kolmogorovDistance([0.5], uniform).value).toBe(0.5);
    expectClose([kolmogorovDistance([0.1, 0.2, 0.3, 0.4], uniform).value], [0.6], { absolute: 1e-15 });
    expectClose([kolmogorovDistance([0.7, 0.8, 0.9, 1], uniform).value], [0.7], { absolute: 1e-15 });
    // No value lies below the place of the distance: half of one of five.
    expectClose([kolmogorovDistance([0.7, 0.8, 0.9, 1], uniform).se], [Math.sqrt((0.1 * 0.9) / 4)], {
      absolute: 1e-15,
    });
  });

  it('has the quantiles of the tables, and one value where its two series meet', () => {
    expectClose([1.2238478702, 1.3580986393, 1.6276236115].map(kolmogorovSurvival), [0.1, 0.05, 0.01], {
      absolute: 1e-9,
    });
    expect(kolmogorovSurvival(1 - 1e-12)).toBeCloseTo(kolmogorovSurvival(1), 10);
    expect([kolmogorovSurvival(0), kolmogorovSurvival(0.1)]).toEqual([1, 1]);
  });

  it('of the largest of several tests is the power of one', () => {
    const law = largestDistanceLaw(500, 8, 4);
    expectClose(
      law.map((d) => (1 - kolmogorovPValue(d, 500)) ** 8),
      [0.125, 0.375, 0.625, 0.875],
      { absolute: 1e-9 },
    );
  });
});

describe('Holm', () => {
  it('steps down, never below the one before, never above 1', () => {
    expectClose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02], { absolute: 1e-15 });
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('the tests', () => {
  it('find the one dimension that is off', () => {
    const z = priorDraws(2000, 6, 4, 'codes');
    for (let i = 4; i < z.z.length; i += 6) z.z[i]! += 0.2;
    const tests = kolmogorovSmirnovByDimension(z);
    expect(tests.map(({ adjusted }) => adjusted < 0.01)).toEqual([false, false, false, false, true, false]);
    const largest = kolmogorovSmirnov(z, { seed: 1 });
    expect(largest.value).toBe(tests[4]!.value);
    expect(largest.pValue).toBe(tests[4]!.adjusted);
    expect(largest.by).toContain('dimension 4');
    // sup |Φ(x) − Φ(x − δ)| = 2 Φ(δ/2) − 1.
    expect(Math.abs(largest.value - 0.0797)).toBeLessThan(4 * largest.se!);
  });

  it('a constant dimension is at a distance of at least ½', () => {
    const z = priorDraws(100, 2, 4, 'codes');
    for (let i = 0; i < z.z.length; i += 2) z.z[i] = 0;
    expect(kolmogorovSmirnov(z, { seed: 1 }).value).toBe(0.5);
  });

  it('the radius sees a shell whose marginals are nearly normal', () => {
    const latents = 30;
    const z = priorDraws(3000, latents, 4, 'codes');
    for (let start = 0; start < z.z.length; start += latents) {
      const row = z.z.subarray(start, start + latents);
      const stretch = Math.sqrt(latents) / Math.hypot(...row);
      row.forEach((value, d) => {
        row[d] = stretch * value;
      });
    }
    expect(radius(z, { seed: 1 }).pValue).toBeLessThan(1e-10);
    expect(radius(z, { seed: 1 }).value).toBeGreaterThan(0.4);
    expect(kolmogorovSmirnov(z, { seed: 1 }).pValue).toBeGreaterThan(0.05);
  });

  it('need 10 codes', () => {
    const few = priorDraws(9, 2, 1, 'codes');
    expect(() => radius(few, { seed: 1 })).toThrow(new InputError('radius: expected at least 10 codes, got 9'));
    expect(() => kolmogorovSmirnov(few, { seed: 1 })).toThrow(InputError);
  });
});
