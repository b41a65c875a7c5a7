import { describe, expect, it } from 'vitest';
import { readReference } from '../../../../test/support/reference.js';
import { SOBOL_DIMENSIONS, sobolPoint } from './sobol.js';

describe('sobolPoint', () => {
  it('gives the published points in every dimension', () => {
    const published = readReference<{ index: number; point: number[] }[]>('sobol');
    expect(published[0]!.point).toHaveLength(SOBOL_DIMENSIONS);
    for (const { index, point } of published) expect(sobolPoint(index, SOBOL_DIMENSIONS)).toEqual(point);
  });

  it.each([undefined, 1, 77])('puts one point of each block into each part of every axis (seed %s)', (seed) => {
    for (const start of [0, 64, 4096]) {
      const points = Array.from({ length: 64 }, (_, i) => sobolPoint(start + i, SOBOL_DIMENSIONS, seed));
      for (let axis = 0; axis < SOBOL_DIMENSIONS; axis++) {
        expect(new Set(points.map((point) => Math.floor(64 * point[axis]!))).size).toBe(64);
      }
    }
  });

  it('scrambles each dimension by the seed, and the same again', () => {
    expect(sobolPoint(5, 3, 1)).toEqual(sobolPoint(5, 3, 1));
    expect(sobolPoint(5, 3, 1)).not.toEqual(sobolPoint(5, 3, 2));
    const [x, y] = sobolPoint(0, 2, 1);
    expect(x).not.toBe(y);
    for (let n = 0; n < 200; n++) {
      for (const value of sobolPoint(n, SOBOL_DIMENSIONS, 9)) expect(value >= 0 && value < 1).toBe(true);
    }
  });

  it('is even: the mean of a scrambled coordinate over many points is a half', () => {
    const count = 1024;
    const sums = [0, 0, 0];
    for (let n = 0; n < count; n++) {
      const point = sobolPoint(n, 3, 3);
      for (let axis = 0; axis < 3; axis++) sums[axis]! += point[axis]!;
    }
    for (const sum of sums) expect(Math.abs(sum / count - 0.5)).toBeLessThan(1 / count);
  });
});
