import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import {
  chiSquaredCdf,
  chiSquaredQuantile,
  gammaSurvival,
  logGamma,
  normalCdf,
  normalQuantile,
  solveIncreasing,
} from './specialFunctions.js';

describe('the normal law', () => {
  it('is symmetric, and its quantiles undo it', () => {
    for (const x of [0.1, 1, 2.5, 5, 7.5]) expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 15);
    for (const p of [1e-9, 0.02425, 0.3, 0.5, 0.9, 1 - 1e-9]) expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 12);
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
  });

  it('takes probabilities only', () => {
    for (const p of [-0.1, 1.1, Number.NaN]) {
      expect(() => normalQuantile(p)).toThrow(`normalQuantile: expected a probability, got ${p}`);
    }
  });
});

describe('the gamma function and its law', () => {
  it('is the factorial, and √π at ½', () => {
    expectClose([logGamma(1), logGamma(6), logGamma(0.5)], [0, Math.log(120), 0.5 * Math.log(Math.PI)], {
      absolute: 1e-13,
    });
  });

  it('is the exponential law for a = 1, and a Poisson sum for whole a', () => {
    for (const x of [0.1, 1, 5, 30]) {
      expectClose([gammaSurvival(1, x)], [Math.exp(-x)], { relative: 1e-12 });
      expectClose([gammaSurvival(3, x)], [Math.exp(-x) * (1 + x + 0.5 * x * x)], { relative: 1e-12 });
    }
  });

  it('ends at 1 and 0', () => {
    expect([gammaSurvival(2, -1), gammaSurvival(2, 0), gammaSurvival(2, Infinity)]).toEqual([1, 1, 0]);
    expect([chiSquaredCdf(-1, 3), chiSquaredCdf(0, 3), chiSquaredCdf(1e4, 3)]).toEqual([0, 0, 1]);
  });

  it('χ² of one degree is a squared normal, of two an exponential', () => {
    for (const x of [0.01, 0.5, 3, 12]) {
      expectClose([chiSquaredCdf(x, 1)], [2 * normalCdf(Math.sqrt(x)) - 1], { relative: 1e-11 });
      expectClose([chiSquaredCdf(x, 2)], [1 - Math.exp(-x / 2)], { relative: 1e-12 });
    }
    expectClose([chiSquaredQuantile(0.5, 2)], [2 * Math.LN2], { relative: 1e-12 });
    expect(chiSquaredQuantile(0, 5)).toBeLessThan(1e-60);
  });
});

it('an increasing function is solved to the last bit', () => {
  expect(solveIncreasing((x) => x ** 3, 2, 0, 4)).toBeCloseTo(Math.cbrt(2), 15);
});
