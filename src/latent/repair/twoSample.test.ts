import { describe, expect, it } from 'vitest';
import { normals } from '../../../test/support/latentCodes.js';
import type { Draws } from '../audit/codes.js';
import { classifierTest } from './twoSample.js';

const LATENTS = 3;
const rows = (n: number, key: string, of: (value: number, d: number) => number = (value) => value): Draws => ({
  z: normals(n * LATENTS, key).map((value, i) => of(value, i % LATENTS)),
  n,
  latents: LATENTS,
});

describe('classifier two-sample test of codes and draws', () => {
  it('guesses where both are of one law, whatever its scale', () => {
    // A wrong verdict in 5% of seeds is what the interval allows: more than 4 of 20 are less likely than 0.3%.
    let told = 0;
    for (let seed = 0; seed < 20; seed++) {
      const of = (value: number, d: number): number => 40 + 10 ** d * value;
      const { value, interval, n } = classifierTest(rows(1000, `a${seed}`, of), rows(1000, `b${seed}`, of), seed);
      expect(Math.abs(value - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / n));
      if (interval![0] > 0.5) told++;
    }
    expect(told).toBeLessThanOrEqual(4);
  });

  it('tells a shift, a scale and a mixture', () => {
    const codes = rows(2000, 'codes', (value, d) => (d === 0 ? value + (value > 0 ? 2 : -2) : value));
    const like = rows(2000, 'like', (value, d) => (d === 0 ? value + (value > 0 ? 2 : -2) : value));
    const gaussian = rows(2000, 'gaussian', (value, d) => (d === 0 ? 2.9 * value : value));
    expect(classifierTest(codes, like, 1).interval![0]).toBeLessThanOrEqual(0.5);
    expect(classifierTest(codes, gaussian, 1).interval![0]).toBeGreaterThan(0.6);
    const wider = rows(2000, 'wider', (value) => 1.5 * value);
    expect(classifierTest(rows(2000, 'plain'), wider, 1).interval![0]).toBeGreaterThan(0.55);
  });

  it('judges by as many rows of each', () => {
    expect(classifierTest(rows(101, 'few'), rows(1000, 'many'), 1)).toMatchObject({ n: 102, seed: 1, unit: 'share' });
  });
});
