import { expect, it } from 'vitest';
import { sideOfEstimate, sideOfValues, welch } from './difference.js';

it('is the interval of Welch', () => {
  // Variances of the means 7/9 and 3/4: (7/9 + 3/4)² / ((7/9)²/2 + (3/4)²/3) = 4.76 degrees of freedom.
  const found = welch(sideOfValues([3, 4, 6]), sideOfValues([1, 2, 2, 5]));
  expect(found.value).toBeCloseTo(13 / 3 - 2.5, 12);
  expect(found.degrees).toBe(4);
  expect(found.half).toBeCloseTo(2.7764 * Math.sqrt(7 / 9 + 0.75), 4);
});

it('takes standard errors over many images as they are', () => {
  const a = sideOfEstimate({ value: 2, se: 0.3, n: 10_000 });
  const b = sideOfEstimate({ value: 1, se: 0.4, n: 10_000 });
  expect(welch(a, b)).toMatchObject({ value: 1, half: expect.closeTo(1.96 * 0.5, 3) });
});

it('is certain of values that are all alike', () => {
  expect(welch(sideOfValues([2, 2]), sideOfValues([1, 1]))).toEqual({ value: 1, half: 0, degrees: 2 });
});
