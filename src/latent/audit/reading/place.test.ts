import { expect, test } from 'vitest';
import type { NoiseFloor } from '../measured.js';
import { floorStrip, placeOf } from './place.js';

const floor: NoiseFloor = { replicates: 200, mean: 10, sd: 1, quantiles: [8, 9.3, 10, 10.7, 11.6, 12, 12.4] };

test('the place among the floor is told in words', () => {
  expect(placeOf(10.2, floor)).toBe('inside the middle 95%');
  expect(placeOf(12.2, floor)).toBe('above 97.5% of them');
  expect(placeOf(13, floor)).toBe('above 99% of them');
  expect(placeOf(7.5, floor)).toBe('below 97.5% of them');
  expect(placeOf(60, floor)).toBe('above 99% of them, 50.0 standard deviations from their mean');
});

test('a strip holds ours, and breaks where ours is far off', () => {
  expect(floorStrip(10, floor)).toMatchObject({ low: 0, mark: 2 / 4.4, median: 2 / 4.4, beyond: 0 });
  expect(floorStrip(1000, floor)).toMatchObject({ mark: 1, beyond: 1, low: 0 });
  expect(floorStrip(-1000, floor)).toMatchObject({ mark: 0, beyond: -1 });
});
