import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { gaussianKl } from '../../vae/distributions/index.js';
import { fittedGaussian, fullGaussian } from './index.js';

// C = L Lᵀ of L = [[2, 0, 0], [1, 0.5, 0], [-1, 2, 3]]
const mean = Float64Array.of(1, -2, 0.5);
const covariance = Float64Array.of(4, 2, -2, 2, 1.25, 0, -2, 0, 14);
const gaussian = fullGaussian(mean, covariance);

describe('logProb', () => {
  it('is the sum over dimensions where they are independent', () => {
    const independent = fullGaussian(Float64Array.of(1, -1), Float64Array.of(4, 0, 0, 0.25));
    const one = (z: number, m: number, s: number) =>
      -0.5 * ((z - m) / s) ** 2 - Math.log(s) - 0.5 * Math.log(2 * Math.PI);
    expectClose(independent.logProb([0, 0, 3, -2]), [one(0, 1, 2) + one(0, -1, 0.5), one(3, 1, 2) + one(-2, -1, 0.5)], {
      absolute: 1e-12,
    });
  });

  it('is that of noise through the factor', () => {
    const e = [0.3, -1.2, 0.7];
    const z = [1 + 2 * 0.3, -2 + 0.3 + 0.5 * -1.2, 0.5 - 0.3 + 2 * -1.2 + 3 * 0.7];
    const expected = -0.5 * e.reduce((sum, v) => sum + v * v, 0) - Math.log(2 * 0.5 * 3) - 1.5 * Math.log(2 * Math.PI);
    expect(gaussian.logProb(z)[0]).toBeCloseTo(expected, 12);
  });

  it('integrates to one', () => {
    const flat = fullGaussian(Float64Array.of(0.2, -0.1), Float64Array.of(1, 0.6, 0.6, 0.5));
    const points: number[] = [];
    const step = 0.1;
    for (let x = -8; x < 8; x += step) for (let y = -8; y < 8; y += step) points.push(x, y);
    const total = flat.logProb(points).reduce((sum, value) => sum + Math.exp(value) * step * step, 0);
    expect(total).toBeCloseTo(1, 10);
  });

  it('gives the closed KL, by its own draws', () => {
    const n = 20_000;
    const other = fullGaussian(Float64Array.of(0, -1, 0), Float64Array.of(5, 1, 0, 1, 2, 0, 0, 0, 20));
    const z = gaussian.sample(n, keyedStream(1, 'test/kl', 0));
    const [p, q] = [gaussian.logProb(z), other.logProb(z)];
    const ratios = p.map((value, i) => value - q[i]!);
    const average = ratios.reduce((sum, value) => sum + value, 0) / n;
    const se = Math.sqrt(ratios.reduce((sum, value) => sum + (value - average) ** 2, 0) / n / n);
    expect(Math.abs(average - gaussianKl(gaussian, other))).toBeLessThan(4 * se);
  });
});

describe('sample', () => {
  it('has the mean and the covariance', () => {
    const n = 20_000;
    const z = gaussian.sample(n, keyedStream(2, 'test/sample', 0));
    const found = fittedGaussian(z, new Float32Array(z.length), 3);
    for (let i = 0; i < 3; i++) {
      expect(Math.abs(found.mean[i]! - mean[i]!)).toBeLessThan(4 * Math.sqrt(covariance[4 * i]! / n));
      for (let j = 0; j < 3; j++) {
        // Var of a product of Gaussians: C_ii C_jj + C_ij²
        const se = Math.sqrt((covariance[4 * i]! * covariance[4 * j]! + covariance[3 * i + j]! ** 2) / n);
        expect(Math.abs(found.covariance[3 * i + j]! - covariance[3 * i + j]!)).toBeLessThan(4 * se);
      }
    }
  });

  it('is the same from the same stream', () => {
    const draw = (seed: number) => gaussian.sample(5, keyedStream(seed, 'test/sample', 0));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)).toHaveLength(15);
  });
});

describe('fittedGaussian', () => {
  it('adds the spread of the means and the mean of the variances', () => {
    const mu = Float32Array.of(0, 1, 2, 3, 4, 8);
    const sigma = Float32Array.of(1, 2, 1, 2, 1, 5);
    const fit = fittedGaussian(mu, sigma, 2);
    expectClose(fit.mean, [2, 4], { absolute: 1e-12 });
    expectClose(fit.covariance, [8 / 3 + 1, 14 / 3, 14 / 3, 26 / 3 + 11], { absolute: 1e-12 });
  });

  it('is N(0, I) for codes that are', () => {
    const fit = fittedGaussian(new Float32Array(12), new Float32Array(12).fill(1), 3);
    expectClose(fit.mean, [0, 0, 0], {});
    expectClose(fit.covariance, [1, 0, 0, 0, 1, 0, 0, 0, 1], { absolute: 1e-15 });
  });

  it('serves fewer codes than dimensions, and means far from 0', () => {
    const fit = fittedGaussian(Float32Array.of(1000, 1000, 1000, 1001, 1000, 1000), new Float32Array(6).fill(1e-3), 3);
    expect(fit.covariance[0]).toBeCloseTo(0.25 + 1e-6, 8);
    expect(Number.isFinite(fit.logProb([1000, 1000, 1000])[0]!)).toBe(true);
  });
});

describe('what is no Gaussian', () => {
  it.each([
    ['singular', [1, 1, 1, 1]],
    ['of no variance', [1, 0, 0, 0]],
    ['not finite', [1, 0, 0, Number.NaN]],
  ])('is refused: a covariance %s', (_, values) => {
    const text = 'fullGaussian: expected a positive definite covariance, got one that is not';
    expect(() => fullGaussian(new Float64Array(2), Float64Array.from(values))).toThrow(new RangeError(text));
  });

  it('is refused: sizes that differ', () => {
    expect(() => fullGaussian(new Float64Array(2), new Float64Array(3))).toThrow(
      new ShapeError('fullGaussian: expected a covariance [2, 2], got 3 values'),
    );
    expect(() => fittedGaussian(new Float32Array(5), new Float32Array(5), 2)).toThrow(
      new ShapeError('fittedGaussian: mu: expected rows of 2 values, got 5 values'),
    );
    expect(() => fittedGaussian(new Float32Array(4), new Float32Array(5), 2)).toThrow(
      new ShapeError('fittedGaussian: expected as many sigma as mu (4), got 5'),
    );
    expect(() => gaussian.logProb([1, 2])).toThrow(
      new ShapeError('logProb: z: expected rows of 3 values, got 2 values'),
    );
  });
});
