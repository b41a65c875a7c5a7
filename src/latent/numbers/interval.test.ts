import { expect, test } from 'vitest';
import { band, interval, studentT975 } from './interval.js';

test('studentT975 agrees with printed tables', () => {
  // Abramowitz & Stegun 1964, table 26.10.
  for (const [degrees, t] of [
    [1, 12.706],
    [2, 4.303],
    [9, 2.262],
    [10, 2.228],
    [20, 2.086],
    [120, 1.98],
  ] as const) {
    expect(studentT975(degrees)).toBeCloseTo(t, 2);
  }
});

test('one estimate: 1.96 standard errors', () => {
  const one = interval([{ value: -97, se: 0.2, n: 10 }]);
  expect(one.value).toBe(-97);
  expect(one.half).toBeCloseTo(0.392, 3);
});

test('several seeds: mean, Student interval of their spread, and their range in a figure', () => {
  const seeds = [-97.3, -96.7, -96.2].map((value) => ({ value, se: 0.2, n: 10_000 }));
  const { value, half } = interval(seeds);
  expect(value).toBeCloseTo(-96.7333, 3);
  // s = 0.55076, t = 4.3027, n = 3.
  expect(half).toBeCloseTo(1.3682, 3);
  expect(band(seeds)).toEqual({ value, low: -97.3, high: -96.2 });
});
