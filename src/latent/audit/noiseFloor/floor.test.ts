import { describe, expect, it } from 'vitest';
import { cachedFloor, noiseFloor, quantileOf, rankPValue, summarizeFloor } from './index.js';

describe('a noise floor', () => {
  const key = { statistic: 'test', rows: 10, latents: 2, replicates: 3, seed: 0 };

  it('is drawn once, kept ascending, and found again by all of its key', () => {
    const cache = new Map<string, readonly number[]>();
    let drawn = 0;
    const draw = () => {
      drawn++;
      return [3, 1, 2];
    };
    expect(cachedFloor(key, cache, draw)).toEqual([1, 2, 3]);
    expect(cachedFloor(key, cache, draw)).toEqual([1, 2, 3]);
    expect(drawn).toBe(1);
    for (const other of [{ rows: 11 }, { latents: 3 }, { statistic: 'other' }, { seed: 1 }]) {
      cachedFloor({ ...key, ...other }, cache, draw);
    }
    expect(drawn).toBe(5);
    expect([...cache.keys()][0]).toBe('test/n=10/d=2/b=3/seed=0');
  });

  it('kept with another number of replicates is drawn anew', () => {
    const cache = new Map([['test/n=10/d=2/b=3/seed=0', [1, 2]]]) as Map<string, readonly number[]>;
    expect(cachedFloor(key, cache, () => [6, 5, 4])).toEqual([4, 5, 6]);
  });

  it('has quantiles between its values', () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((p) => quantileOf([0, 10, 20], p))).toEqual([0, 5, 10, 18, 20]);
    const floor = summarizeFloor(Array.from({ length: 201 }, (_, b) => b));
    expect(floor).toMatchObject({ replicates: 201, mean: 100, quantiles: [5, 50, 100, 150, 190, 195, 198] });
    expect(floor.sd).toBeCloseTo(Math.sqrt((201 ** 2 - 1) / 12) * Math.sqrt(201 / 200), 10);
  });

  it('gives p-values by rank, never 0', () => {
    const floor = Array.from({ length: 199 }, (_, b) => b);
    expect([-1, 0, 100, 198, 500].map((value) => rankPValue(value, floor))).toEqual([1, 1, 0.5, 0.01, 0.005]);
  });
});

describe('the floors of the tests', () => {
  it.each([
    'mmd',
    'energyDistance',
    'slicedWasserstein',
    'kolmogorovSmirnov',
    'mardiaSkewness',
    'mardiaKurtosis',
    'radius',
    'c2st',
    'c2stAuc',
  ] as const)('%s: 200 finite values, ascending, the same for a seed', (statistic) => {
    const floor = noiseFloor(statistic, 60, 3);
    expect(floor).toHaveLength(200);
    expect(floor.every(Number.isFinite)).toBe(true);
    expect(floor.every((value, b) => b === 0 || value >= floor[b - 1]!)).toBe(true);
    expect(noiseFloor(statistic, 60, 3)).toEqual(floor);
  });
});
