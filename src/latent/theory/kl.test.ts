import { describe, expect, it } from 'vitest';
import { keyedStream } from '../../engine/random/index.js';
import { gaussianKl, momentMatchedKl } from '../../vae/distributions/index.js';
import { F, G, klToStandardNormal, planeGradient, planeKl } from './kl.js';

const central = (f: (x: number) => number, x: number): number => {
  const h = 1e-5 * x;
  return (f(x + h) - f(x - h)) / (2 * h);
};

describe('F and G', () => {
  it('have the values of the formulas', () => {
    expect(F.value(-3)).toBe(4.5);
    expect(G.value(0.02)).toBeCloseTo(0.5 * (0.0004 - 1) - Math.log(0.02), 14);
    expect(G.value(2)).toBeCloseTo(1.5 - Math.LN2, 14);
  });

  it('are zero at 0 and at 1, and positive elsewhere', () => {
    expect(F.value(0)).toBe(0);
    expect(G.value(1)).toBe(0);
    for (const x of [1e-30, 1e-8, 0.3, 0.999999, 1.000001, 7, 1e8]) {
      expect(F.value(x)).toBeGreaterThan(0);
      expect(F.value(-x)).toBe(F.value(x));
      expect(G.value(x)).toBeGreaterThan(0);
    }
  });

  it.each([1e-12, 1e-8, 1e-4, 1e-2])('G keeps its digits at σ = 1 ± %d, where it is d² − d³/3 + …', (distance) => {
    for (const d of [1 + distance - 1, 1 - distance - 1]) {
      const series = d * d * (1 - d / 3 + (d * d) / 4 - d ** 3 / 5 + d ** 4 / 6 - d ** 5 / 7 + d ** 6 / 8);
      expect(Math.abs(G.value(1 + d) / series - 1)).toBeLessThan(1e-13);
    }
  });

  it('G is smooth where its two forms meet', () => {
    for (const sigma of [0.95, 1.05]) {
      const ratio = (G.value(sigma + 1e-12) - G.value(sigma - 1e-12)) / (2e-12 * G.slope(sigma));
      expect(Math.abs(ratio - 1)).toBeLessThan(1e-3);
    }
  });

  it('have the derivatives that differences give', () => {
    for (const x of [0.02, 0.3, 0.97, 1.4, 5]) {
      expect(central(F.value, x)).toBeCloseTo(F.slope(x), 8);
      expect(central(F.slope, x)).toBeCloseTo(F.curvature(x), 8);
      expect(central(G.value, x) / G.slope(x)).toBeCloseTo(1, 8);
      expect(central(G.slope, x) / G.curvature(x)).toBeCloseTo(1, 8);
    }
    expect([G.slope(1), G.curvature(1), F.slope(0), F.curvature(0)]).toEqual([0, 2, 0, 1]);
  });

  it('refuse a σ that is no standard deviation', () => {
    for (const sigma of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => G.value(sigma)).toThrow(`G: expected a standard deviation above 0, got ${sigma}`);
      expect(() => G.slope(sigma)).toThrow(RangeError);
      expect(() => G.curvature(sigma)).toThrow(RangeError);
    }
  });
});

describe('KL = ΣF + ΣG', () => {
  it('is the KL of Gaussians with full covariance, and the moment-matched KL', () => {
    const stream = keyedStream(3, 'theory/kl', 0);
    for (let d = 1; d <= 6; d++) {
      const mu = Array.from({ length: d }, () => 2 * stream.normal());
      const sigma = Array.from({ length: d }, () => 0.02 + 2 * stream.uniform());
      const covariance = mu.flatMap((_, i) => mu.map((_, j) => (i === j ? sigma[i]! ** 2 : 0)));
      const identity = mu.flatMap((_, i) => mu.map((_, j) => (i === j ? 1 : 0)));
      const kl = klToStandardNormal(mu, sigma);
      expect(gaussianKl({ mean: mu, covariance }, { mean: mu.map(() => 0), covariance: identity })).toBeCloseTo(kl, 10);
      expect(momentMatchedKl({ mean: mu, covariance })).toBeCloseTo(kl, 10);
    }
  });

  it('on the plane is the sum of one F and one G, with their slopes as gradient', () => {
    expect(planeKl(1.5, 0.4)).toBe(F.value(1.5) + G.value(0.4));
    expect(planeGradient(1.5, 0.5)).toEqual([1.5, -1.5]);
  });

  it('wants as many σ as μ', () => {
    expect(() => klToStandardNormal([0, 0], [1])).toThrow(
      'klToStandardNormal: expected as many sigma as mu (2), got 1',
    );
  });
});
