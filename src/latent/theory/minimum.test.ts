import { describe, expect, it } from 'vitest';
import { lowestCell, minimise, monteCarloMinimum, uniqueness } from './minimum.js';
import { axis, klSurface, noiseMoments } from './surface.js';

/** A grid that does not hold (0, 1). */
const OFF = { mu: axis(-2.9, 2.8, 40), sigma: axis(0.03, 2.9, 40) };

describe("Newton's method", () => {
  it.each([
    [3, 0.01],
    [-50, 40],
    [0, 1e-6],
    [300, 200],
  ])('finds (0, 1) from (%d, %d)', (mu, sigma) => {
    const found = minimise(klSurface(), { mu, sigma });
    expect(found.mu).toBeCloseTo(0, 11);
    expect(found.sigma).toBeCloseTo(1, 11);
    expect(found.kl).toBeLessThan(1e-20);
    expect(found.gradientNorm).toBeLessThan(1e-11);
  });

  it('finds (−m/s, 1/s) for noise of mean m and standard deviation s', () => {
    for (const noise of noiseMoments([2, 5, 50, 5000], 9)) {
      const s = Math.sqrt(noise.m2 - noise.m1 ** 2);
      const found = minimise(klSurface(noise), { mu: -3, sigma: 0.05 });
      expect(found.mu).toBeCloseTo(-noise.m1 / s, 9);
      expect(found.sigma).toBeCloseTo(1 / s, 9);
      expect(found.kl).toBeLessThan(0);
    }
  });

  it('says when there is no minimum, or none in reach', () => {
    expect(() => minimise(klSurface(), { mu: 1e4, sigma: 1e4 })).toThrow('expected a minimum within 1000 steps');
    const alike = klSurface({ n: 3, m1: 0.5, m2: 0.25, m3: 0.125, m4: 0.0625 });
    expect(() => minimise(alike, { mu: 0, sigma: 1 })).toThrow('minimise: expected noise that varies, got variance 0');
  });
});

describe('uniqueness', () => {
  it('of the analytic minimum: curvature at least 1, no other flat place, one end from every cell', () => {
    const found = uniqueness(klSurface(), OFF);
    expect(found.unique).toBe(true);
    expect(found.curvatureFloor).toBe(1);
    expect(found.smallestCurvature).toBe(1);
    expect(found.smallestGradient.value).toBeGreaterThanOrEqual(found.radius);
    expect(found.minimum.mu).toBeCloseTo(0, 11);
    expect(found.minimum.sigma).toBeCloseTo(1, 11);
    expect(Math.abs(found.lowestCell.mu)).toBeLessThan(0.15);
    expect(Math.abs(found.lowestCell.sigma - 1)).toBeLessThan(0.08);
    expect(found.spread).toBeLessThan(1e-9);
    expect(found.starts).toBe(1600);
  });

  it('of the Monte Carlo minimum, for few and many draws', () => {
    for (const noise of noiseMoments([10, 100, 10_000], 1)) {
      const found = uniqueness(klSurface(noise), OFF);
      expect(found.unique).toBe(true);
      expect(found.curvatureFloor).toBeGreaterThan(0);
      expect(found.smallestCurvature).toBeGreaterThanOrEqual(found.curvatureFloor);
    }
  });

  it('fails a surface that is flat along a line', () => {
    const flat = { n: 2, m1: 1, m2: 1, m3: 1, m4: 1 };
    expect(() => uniqueness(klSurface(flat), OFF)).toThrow(RangeError);
  });

  it('finds the lowest cell', () => {
    expect(lowestCell(klSurface(), { mu: [-1, 0.2, 4], sigma: [0.3, 0.8, 2] })).toEqual({ mu: 0.2, sigma: 0.8 });
  });
});

describe('the Monte Carlo minimum', () => {
  it.each([1000, 10_000])('of %i draws lies at (0, 1) within 4 standard errors', (draws) => {
    const found = monteCarloMinimum(draws, 32, 7);
    expect(found.coincide).toBe(true);
    expect(Math.abs(found.mu.value)).toBeLessThan(4 * found.mu.se);
    expect(Math.abs(found.sigma.value - 1)).toBeLessThan(4 * found.sigma.se);
    expect(found.minima).toHaveLength(32);
    expect(found.analytic.sigma).toBeCloseTo(1, 11);
    // It scatters by 1/√n and 1/√(2n), and is −1/n deep; 32 values know their spread to one part in eight.
    expect(found.mu.se / Math.sqrt(1 / draws / 32)).toBeGreaterThan(0.5);
    expect(found.mu.se / Math.sqrt(1 / draws / 32)).toBeLessThan(1.5);
    expect(found.sigma.se / Math.sqrt(0.5 / draws / 32)).toBeGreaterThan(0.5);
    expect(found.sigma.se / Math.sqrt(0.5 / draws / 32)).toBeLessThan(1.5);
    expect(Math.abs(found.kl.value + 1 / draws)).toBeLessThan(4 * found.kl.se);
  });

  it('has the mean that the chi distribution gives 1/s, and says that it is not at 1', () => {
    // E[1/s] = √(n/2) Γ((n − 2)/2) / Γ((n − 1)/2) at n = 16.
    const expected = (Math.sqrt(8) * 720) / 1871.254305797788;
    const found = monteCarloMinimum(16, 4000, 11, { mu: [0], sigma: [1] });
    expect(Math.abs(found.sigma.value - expected)).toBeLessThan(4 * found.sigma.se);
    expect(found.coincide).toBe(false);
    expect(found.z.sigma).toBeGreaterThan(4);
    expect(Math.abs(found.z.mu)).toBeLessThan(4);
  });

  it('wants two replicates', () => {
    expect(() => monteCarloMinimum(100, 1, 1)).toThrow('expected at least 2 values, got 1');
  });
});
