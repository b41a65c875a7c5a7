import { describe, expect, it } from 'vitest';
import { energyDistance } from './energyDistance.js';
import { exchanged, exchangeFloor, type Kernel, pairedStatistic } from './exchange.js';
import { gaussianKernel, mmd, mmdKernel } from './mmd.js';
import { priorDraws } from './options.js';
import { normalCdf } from './specialFunctions.js';

const shifted = (n: number, latents: number, seed: number, by: number, scale = 1) => {
  const draws = priorDraws(n, latents, seed, 'codes');
  for (let i = 0; i < draws.z.length; i++) draws.z[i]! *= scale;
  for (let i = 0; i < draws.z.length; i += latents) draws.z[i]! += by;
  return draws;
};

/** Mean over repeats, the error of that mean, and the mean squared standard error that the statistic claims. */
const repeated = (kernel: Kernel, latents: number, by: number, scale: number) => {
  const repeats = 300;
  const all = Array.from({ length: repeats }, (_, seed) =>
    pairedStatistic(shifted(60, latents, seed, by, scale), priorDraws(60, latents, seed, 'prior'), kernel),
  );
  const mean = all.reduce((sum, { value }) => sum + value, 0) / repeats;
  const variance = all.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (repeats - 1);
  const claimed = all.reduce((sum, { se }) => sum + se ** 2, 0) / repeats;
  return { mean, error: Math.sqrt(variance / repeats), ratio: claimed / variance };
};

/** E k(a, b) for a − b ~ N(δ, s² I): Σ_c (v / (v + s²))^(D/2) exp(−δ² / (2 (v + s²))), v = c² ℓ². */
const expectedKernel = (squaredScale: number, latents: number, delta: number, variance: number): number =>
  [0.25, 1, 4].reduce((sum, c) => {
    const v = c * squaredScale;
    return sum + (v / (v + variance)) ** (latents / 2) * Math.exp(-(delta ** 2) / (2 * (v + variance)));
  }, 0);

/** E|N(m, s²)|. */
const absoluteNormal = (m: number, s: number): number =>
  s * Math.sqrt(2 / Math.PI) * Math.exp(-(m * m) / (2 * s * s)) + m * (1 - 2 * normalCdf(-m / s));

describe('closed forms', () => {
  // 300 repeats know a variance within a factor of 1.33 at four standard errors; of one law the error is up to √1.8 too wide.
  const expectCalibrated = (got: ReturnType<typeof repeated>, expected: number) => {
    const most = Math.abs(expected) < 1e-12 ? 1.8 * 1.33 : 1.4;
    expect(Math.abs(got.mean - expected)).toBeLessThan(4 * got.error);
    expect(got.ratio).toBeGreaterThan(0.7);
    expect(got.ratio).toBeLessThan(most);
  };

  it.each([
    [3, 0, 1],
    [3, 0.8, 1],
    [2, 0.5, 0.4],
  ])('MMD² of Gaussians: D = %i, shift %f, scale %f, with its standard error', (latents, shift, scale) => {
    const squared = 2 * latents;
    const expected =
      expectedKernel(squared, latents, 0, 2 * scale ** 2) +
      expectedKernel(squared, latents, 0, 2) -
      2 * expectedKernel(squared, latents, shift, 1 + scale ** 2);
    expectCalibrated(repeated(gaussianKernel(squared), latents, shift, scale), expected);
  });

  it.each([
    [0, 1],
    [0.7, 1],
    [0.3, 2],
  ])('energy distance of one-dimensional Gaussians: shift %f, scale %f, with its standard error', (shift, scale) => {
    const cross = absoluteNormal(shift, Math.hypot(1, scale));
    const expected = 2 * cross - absoluteNormal(0, scale * Math.SQRT2) - absoluteNormal(0, Math.SQRT2);
    expectCalibrated(
      repeated((squared) => -Math.sqrt(squared), 1, shift, scale),
      expected,
    );
  });
});

describe('exchanges', () => {
  it('are what the statistic is after rows change places', () => {
    const [x, y] = [shifted(15, 2, 1, 1), priorDraws(15, 2, 2, 'prior')];
    const kernel = gaussianKernel(3);
    const values = exchanged(pairedStatistic(x, y, kernel), 40, 9, 'test');
    // Every value is met by some exchange of one sample with the other: here all 2^14 by brute force over terms.
    const { terms } = pairedStatistic(x, y, kernel);
    const reachable = new Float64Array(1 << 14).map((_, signs) => {
      let sum = 0;
      for (let i = 1, t = 0; i < 15; i++) {
        for (let j = 0; j < i; j++, t++) {
          const same = ((signs >> i) & 1) === ((signs >> j) & 1);
          sum += same ? terms[t]! : -terms[t]!;
        }
      }
      return sum / terms.length;
    });
    for (const value of values) expect(reachable.some((other) => Math.abs(other - value) < 1e-12)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(30);
  });

  it('exchange whole rows: the terms change sign as the statistic of exchanged samples says', () => {
    const [x, y] = [shifted(12, 2, 1, 1), priorDraws(12, 2, 2, 'prior')];
    const kernel = gaussianKernel(3);
    const { terms } = pairedStatistic(x, y, kernel);
    for (let d = 6; d < 8; d++) [x.z[d], y.z[d]] = [y.z[d]!, x.z[d]!];
    const after = pairedStatistic(x, y, kernel).terms;
    for (let i = 1, t = 0; i < 12; i++) {
      for (let j = 0; j < i; j++, t++) expect(after[t]).toBeCloseTo(i === 3 || j === 3 ? -terms[t]! : terms[t]!, 12);
    }
  });

  it('of few sets of prior draws are spread as sets drawn anew', () => {
    const key = { statistic: 'test', rows: 100, latents: 3, replicates: 400, seed: 1 };
    const kernelFor = (...xy: Parameters<typeof mmdKernel>) => mmdKernel(...xy).kernel;
    const floor = exchangeFloor(key, kernelFor);
    const anew = Array.from({ length: 400 }, (_, b) => {
      const [x, y] = [priorDraws(100, 3, b, 'anew/x'), priorDraws(100, 3, b, 'anew/y')];
      return pairedStatistic(x, y, kernelFor(x, y)).value;
    });
    expect(floor).toHaveLength(400);
    const pooled = [...floor, ...anew].sort((a, b) => a - b);
    const above = (values: readonly number[], value: number) => values.filter((v) => v > value).length / 400;
    // Two-sample Kolmogorov–Smirnov, 0.1%.
    const distance = Math.max(...pooled.map((value) => Math.abs(above(floor, value) - above(anew, value))));
    expect(distance).toBeLessThan(1.95 * Math.sqrt(2 / 400));
  });
});

describe('the tests', () => {
  it('refuse a shift and a scale, and say what they used', () => {
    const off = shifted(3000, 4, 5, 0.6);
    const [first, second] = [mmd(off, { seed: 2 }), energyDistance(off, { seed: 2 })];
    for (const { pValue, n, seed, value, floor } of [first, second]) {
      expect(pValue).toBeCloseTo(1 / 201, 12);
      expect([n, seed]).toEqual([750, 2]);
      expect(value).toBeGreaterThan(floor!.quantiles.at(-1)!);
    }
    expect(first.by).toMatch(/^750 of 3,000 codes and as many prior draws; Gaussian kernels of scale 2\.\d\d /);
    expect(mmd(off, { seed: 2 })).toEqual(first);
  });

  it('bear one row many times, and codes that are all one', () => {
    const same = { z: new Float32Array(60).fill(0.25), n: 20, latents: 3 };
    for (const test of [mmd, energyDistance]) {
      const { value, pValue } = test(same, { seed: 1 });
      expect(value).toBeGreaterThan(0);
      expect(pValue).toBeCloseTo(1 / 201, 12);
    }
  });

  it('need 10 codes', () => {
    expect(() => mmd(priorDraws(9, 2, 1, 'codes'), { seed: 1 })).toThrow('mmd: expected at least 10 codes, got 9');
  });
});
