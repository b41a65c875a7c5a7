import { expect, it } from 'vitest';
import { keyedStream } from '../../engine/random/index.js';
import { chiDensity, chiMean } from './index.js';

const integral = (d: number, of: (r: number) => number): number => {
  const step = 1e-3;
  let sum = 0;
  for (let r = step / 2; r < Math.sqrt(d) + 9; r += step) sum += of(r) * chiDensity(r, d) * step;
  return sum;
};

it.each([1, 2, 3, 16, 128, 1000])('is a density with its mean and E r² = D: %i dimensions', (d) => {
  expect(integral(d, () => 1)).toBeCloseTo(1, 5);
  expect(integral(d, (r) => r)).toBeCloseTo(chiMean(d), 4);
  expect(integral(d, (r) => r * r)).toBeCloseTo(d, 3);
});

it('has known values', () => {
  expect(chiDensity(0, 1)).toBeCloseTo(Math.sqrt(2 / Math.PI), 12);
  expect(chiDensity(1, 2)).toBeCloseTo(Math.exp(-0.5), 12);
  expect([chiDensity(0, 2), chiDensity(-1, 2)]).toEqual([0, 0]);
  expect(chiMean(1)).toBeCloseTo(Math.sqrt(2 / Math.PI), 12);
  expect(chiMean(2)).toBeCloseTo(Math.sqrt(Math.PI / 2), 12);
});

it('is where draws of N(0, I) have their radii', () => {
  const [n, d] = [4000, 128];
  const z = new Float32Array(n * d);
  keyedStream(1, 'test/radii', 0).fillNormal(z);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.hypot(...z.subarray(i * d, (i + 1) * d));
  // The standard deviation of a radius is below √½.
  expect(Math.abs(sum / n - chiMean(d))).toBeLessThan(4 * Math.sqrt(0.5 / n));
});

it('takes whole dimensions only', () => {
  expect(() => chiDensity(1, 0)).toThrow('chiDensity: expected a whole number of dimensions from 1 on, got 0');
  expect(() => chiMean(1.5)).toThrow(RangeError);
});
