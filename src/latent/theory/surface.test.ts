import { describe, expect, it } from 'vitest';
import { keyedStream } from '../../engine/random/index.js';
import { planeGradient, planeKl } from './kl.js';
import { axis, defaultGrid, EXACT_NOISE, klSurface, monteCarloGrids, noiseMoments, surfaceGrid } from './surface.js';

const POINTS = [
  [0, 1],
  [-2, 0.05],
  [1.3, 0.4],
  [3, 3],
  [-0.7, 1.8],
] as const;

describe('the analytic surface', () => {
  const surface = klSurface();

  it('is F(μ) + G(σ) with its gradient and Hessian, and has no error', () => {
    for (const [mu, sigma] of POINTS) {
      expect(surface.value(mu, sigma)).toBeCloseTo(planeKl(mu, sigma), 14);
      expect(surface.gradient(mu, sigma)).toEqual(planeGradient(mu, sigma));
      expect(surface.hessian(mu, sigma).slice(0, 2)).toEqual([1, 0]);
      expect(surface.hessian(mu, sigma)[2]).toBeCloseTo(1 + 1 / sigma ** 2, 12);
      expect(surface.se(mu, sigma)).toBe(0);
    }
  });

  it('lies on a grid row by row of σ, (0, 1) included', () => {
    const { kl, mu, sigma, n, largestError } = surfaceGrid(surface);
    expect(kl).toHaveLength(61 * 60);
    expect(kl[7 * mu.length + 12]).toBe(surface.value(mu[12]!, sigma[7]!));
    expect(mu).toContain(0);
    expect(sigma.some((s) => Math.abs(s - 1) < 1e-12)).toBe(true);
    expect([n, largestError]).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(axis(-1, 1, 5)).toEqual([-1, -0.5, 0, 0.5, 1]);
  });
});

describe('the Monte Carlo surface', () => {
  const n = 500;
  const stream = keyedStream(5, 'theory/surface', 2);
  const draws = Array.from({ length: n }, () => stream.normal());
  const surface = klSurface(noiseMoments([n], 5, 2)[0]);

  /** ln q(z) − ln p(z), one draw at a time. */
  const terms = (mu: number, sigma: number): number[] =>
    draws.map((noise) => {
      const z = mu + sigma * noise;
      return -0.5 * ((z - mu) / sigma) ** 2 - Math.log(sigma) + 0.5 * z * z;
    });

  it.each(POINTS)('at (%d, %d) is the mean of ln q − ln p over its draws, with its standard error', (mu, sigma) => {
    const values = terms(mu, sigma);
    const mean = values.reduce((s, v) => s + v, 0) / n;
    const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1);
    expect(surface.value(mu, sigma)).toBeCloseTo(mean, 12);
    expect(surface.se(mu, sigma)).toBeCloseTo(Math.sqrt(variance / n), 7);
  });

  it('has the derivatives that differences give', () => {
    const h = 1e-5;
    for (const [mu, sigma] of POINTS) {
      const [g1, g2] = surface.gradient(mu, sigma);
      const [h11, h12, h22] = surface.hessian(mu, sigma);
      expect((surface.value(mu + h, sigma) - surface.value(mu - h, sigma)) / (2 * h)).toBeCloseTo(g1, 6);
      expect((surface.value(mu, sigma + h) - surface.value(mu, sigma - h)) / (2 * h)).toBeCloseTo(g2, 4);
      const ahead = surface.gradient(mu + h, sigma);
      const behind = surface.gradient(mu - h, sigma);
      expect((ahead[0] - behind[0]) / (2 * h)).toBeCloseTo(h11, 6);
      expect((ahead[1] - behind[1]) / (2 * h)).toBeCloseTo(h12, 6);
      const above = surface.gradient(mu, sigma + h)[1];
      const below = surface.gradient(mu, sigma - h)[1];
      expect((above - below) / (2 * h) / h22).toBeCloseTo(1, 6);
    }
  });

  it('has no error at (0, 1)', () => {
    expect(surface.value(0, 1)).toBe(0);
    expect(surface.se(0, 1)).toBe(0);
  });

  it('is within 4 standard errors of the analytic one everywhere, and its error falls as 1/√n', () => {
    const grids = monteCarloGrids([100, 1000, 10_000, 100_000], 1);
    for (const grid of grids) expect(grid.largestErrorInSe).toBeLessThan(4);
    grids.forEach((grid, i) => {
      if (i > 0) expect(grids[i - 1]!.meanSe / grid.meanSe / Math.sqrt(10)).toBeCloseTo(1, 0);
    });
    // √[(μ²σ² + ½ (σ² − 1)²) / n], the standard error that N(0, 1) gives itself.
    const { se, sigma, mu } = grids[3]!;
    for (const [i, j] of [
      [0, 5],
      [30, 50],
      [59, 0],
    ] as const) {
      const exact = Math.sqrt(((mu[j]! * sigma[i]!) ** 2 + 0.5 * (sigma[i]! ** 2 - 1) ** 2) / 100_000);
      expect(se[i * mu.length + j]! / exact).toBeCloseTo(1, 1);
    }
  });

  it('grows from one set of noise, and differs between replicates and seeds', () => {
    expect(noiseMoments([10, 500], 5, 2)[1]).toEqual(noiseMoments([500], 5, 2)[0]);
    expect(noiseMoments([500], 5, 3)[0]!.m1).not.toBe(surface.noise.m1);
    expect(noiseMoments([500], 6, 2)[0]!.m1).not.toBe(surface.noise.m1);
    const m4 = draws.reduce((s, v) => s + v ** 4, 0) / n;
    expect(surface.noise.m4).toBeCloseTo(m4, 12);
    expect(EXACT_NOISE.m4).toBe(3);
  });

  it('refuses sizes that do not grow from 2', () => {
    for (const sizes of [[1], [10, 5], [2.5]]) {
      expect(() => noiseMoments(sizes, 1)).toThrow(
        `expected ascending whole sizes of at least 2, got [${sizes.join(', ')}]`,
      );
    }
    expect(() => surfaceGrid(klSurface(), { ...defaultGrid, sigma: [0] })).toThrow(RangeError);
  });
});
