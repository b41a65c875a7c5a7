import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { InputError, ShapeError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { fittedGaussian } from '../index.js';
import { type FitOptions, fitGaussianMixture, gaussianMixture, refitGaussianMixture } from './index.js';

const runtime = nodeRuntime();
const draws = (z: Float32Array, latents: number) => ({ z, n: z.length / latents, latents });
const options = (more: Partial<FitOptions> = {}): FitOptions => ({
  components: 3,
  covariance: 'full',
  starts: 3,
  seed: 1,
  runtime,
  ...more,
});

const planted = gaussianMixture({
  kind: 'gaussianMixture',
  covariance: 'full',
  latents: 2,
  weights: [0.5, 0.3, 0.2],
  means: [-3, 0, 2, 2, 3, -4],
  factors: [1, 0, 0.5, 0.6, 0.4, 0, -0.3, 0.9, 0.7, 0, 0.2, 0.3],
  iterations: 0,
  converged: true,
});
const plantedCodes = draws(planted.sample(6000, keyedStream(4, 'test/planted', 0)), 2);
const fresh = draws(planted.sample(4000, keyedStream(5, 'test/planted', 0)), 2);
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('fitGaussianMixture', () => {
  it('recovers a planted mixture', async () => {
    const fit = await fitGaussianMixture(plantedCodes, options({ tolerance: 1e-6 }));
    const order = [0, 1, 2].sort((a, b) => fit.weights[b]! - fit.weights[a]!);
    order.forEach((k, truth) => {
      const [weight, n] = [planted.weights[truth]!, plantedCodes.n];
      // The components lie apart, so that the errors are those of counting and averaging.
      expect(Math.abs(fit.weights[k]! - weight)).toBeLessThan(4 * Math.sqrt((weight * (1 - weight)) / n));
      for (let i = 0; i < 2; i++) {
        const row = planted.factors.subarray(4 * truth + 2 * i, 4 * truth + 2 * i + 2);
        const se = Math.hypot(...row) / Math.sqrt(weight * n);
        expect(Math.abs(fit.means[2 * k + i]! - planted.means[2 * truth + i]!)).toBeLessThan(4 * se);
      }
      expectClose(fit.factors.subarray(4 * k, 4 * k + 4), planted.factors.subarray(4 * truth, 4 * truth + 4), {
        absolute: 0.08,
      });
    });
    const [ours, theirs] = [mean(await fit.logProb(fresh.z)), mean(await planted.logProb(fresh.z))];
    expect(theirs - ours).toBeLessThan(0.01);
    expect(fit.converged).toBe(true);
    expect(fit.regularised).toBeUndefined();
    expect(fit.name).toBe('mixture of 3 full Gaussians');
  });

  it('is the fitted Gaussian where it has one component', async () => {
    const codes = planted.sample(3000, keyedStream(6, 'test/one', 0));
    const fit = await fitGaussianMixture(draws(codes, 2), options({ components: 1 }));
    const gaussian = fittedGaussian(codes, new Float32Array(codes.length), 2);
    expectClose(await fit.logProb(fresh.z), gaussian.logProb(fresh.z), { absolute: 1e-4 });
    expectClose(fit.means, gaussian.mean, { absolute: 1e-5 });
    expect(fit.name).toBe('one full Gaussian');
  });

  it('gives the same bits from the same seed', async () => {
    const saved = async (seed: number) =>
      JSON.stringify(await fitGaussianMixture(plantedCodes, options({ seed, startPoints: 500 })));
    expect(await saved(3)).toBe(await saved(3));
    expect(await saved(3)).not.toBe(await saved(4));
  });

  it('carries on from the start that is likeliest on held-out codes', async () => {
    const fit = await fitGaussianMixture(
      plantedCodes,
      options({ heldOut: fresh, covariance: 'diagonal', components: 6 }),
    );
    expect(mean(await fit.logProb(fresh.z))).toBeGreaterThan(mean(await planted.logProb(fresh.z)) - 0.2);
    expect(fit.name).toBe('mixture of 6 diagonal Gaussians');
    expect(fit.factors).toHaveLength(12);
  });

  it('tells its progress, and ends where that throws', async () => {
    const shares: number[] = [];
    await fitGaussianMixture(plantedCodes, options({ onProgress: (share) => void shares.push(share) }));
    expect(shares.at(-1)).toBe(1);
    expect(shares.every((share, i) => share > (shares[i - 1] ?? 0))).toBe(true);
    const stop = options({
      onProgress: async (share) => {
        if (share > 0.01) throw new Error('stopped');
      },
    });
    await expect(fitGaussianMixture(plantedCodes, stop)).rejects.toThrow(new Error('stopped'));
  });
});

describe('codes that are degenerate', () => {
  const normal = (n: number, d: number, seed: number) => {
    const z = new Float32Array(n * d);
    keyedStream(seed, 'test/normal', 0).fillNormal(z);
    return z;
  };

  it.each(['full', 'diagonal'] as const)('a constant dimension is widened and named, %s', async (covariance) => {
    const z = normal(2000, 3, 1).map((value, i) => (i % 3 === 1 ? 0.25 : value));
    const fit = await fitGaussianMixture(draws(z, 3), options({ covariance }));
    expect(fit.regularised).toBe(
      "dimension 1 without a variance of its own; 3 of 3 components too thin: variances raised to 0.000001 of the codes' own",
    );
    const values = await fit.logProb(Float32Array.of(0, 0.25, 0, 0, 0.75, 0));
    expect(values[0]).toBeGreaterThan(2);
    expect(values[1]).toBeLessThan(-1000);
    expect(
      fit.sample(100, keyedStream(1, 'test/thin', 0)).every((v, i) => i % 3 !== 1 || Math.abs(v - 0.25) < 0.01),
    ).toBe(true);
  });

  it('linearly dependent dimensions are widened', async () => {
    const z = normal(1500, 2, 2);
    const tied = Float32Array.from({ length: 4500 }, (_, i) =>
      i % 3 < 2 ? z[2 * Math.floor(i / 3) + (i % 3)]! : z[2 * Math.floor(i / 3)]! - z[2 * Math.floor(i / 3) + 1]!,
    );
    const fit = await fitGaussianMixture(draws(tied, 3), options({ components: 2 }));
    expect(fit.regularised).toMatch(/^dimension 2 without a variance of its own/);
    expect((await fit.logProb(tied)).every(Number.isFinite)).toBe(true);
  });

  it('repeated codes give finite densities', async () => {
    const points = normal(4, 2, 3);
    const z = Float32Array.from({ length: 400 }, (_, i) => points[i % 8]!);
    const fit = await fitGaussianMixture(draws(z, 2), options({ components: 4, starts: 1 }));
    expect((await fit.logProb(z)).every(Number.isFinite)).toBe(true);
    expect(fit.regularised).toMatch(/components too thin/);
    const same = await fitGaussianMixture(draws(new Float32Array(60).fill(2), 2), options({ components: 5 }));
    expect((await same.logProb(Float32Array.of(2, 2))).every(Number.isFinite)).toBe(true);
  });

  it('thin components are found in float64', async () => {
    const thin = gaussianMixture({
      kind: 'gaussianMixture',
      covariance: 'full',
      latents: 2,
      weights: [0.5, 0.5],
      means: [-5, 0, 5, 0],
      factors: [0.01, 0, 0.003, 0.004, 0.02, 0, 0, 0.005],
      iterations: 0,
      converged: true,
    });
    const z = thin.sample(4000, keyedStream(7, 'test/thin', 0));
    const fit = await fitGaussianMixture(draws(z, 2), options({ components: 2 }));
    expect(mean(await fit.logProb(z))).toBeGreaterThan(mean(await thin.logProb(z)) - 1e-3);
  });
});

describe('a fit that is to stop', () => {
  it('gives the best of the starts there were', async () => {
    let looks = 0;
    const fit = await fitGaussianMixture(plantedCodes, options({ stop: () => ++looks > 4, startPoints: 500 }));
    expect(fit.ended).toMatch(/^ended early, after [1-3] of 3 starts and 0 iterations on all codes$/);
    expect(fit.converged).toBe(false);
    const whole = await fitGaussianMixture(plantedCodes, options());
    const behind = mean(await whole.logProb(fresh.z)) - mean(await fit.logProb(fresh.z));
    expect(behind).toBeLessThan(0.5);
    expect(gaussianMixture(JSON.parse(JSON.stringify(fit))).ended).toBe(fit.ended);
  });

  it('gives what EM had come to on all codes', async () => {
    let done = 0;
    const fit = await fitGaussianMixture(plantedCodes, {
      ...options({ starts: 1, tolerance: 1e-6, startPoints: 300 }),
      onProgress: (share) => {
        done = share;
      },
      stop: () => done > 0.251, // The one start is the first quarter.
    });
    expect(fit.ended).toBe('ended early, after 1 of 1 starts and 1 iterations on all codes');
    expect((await fitGaussianMixture(plantedCodes, options({ maxIterations: 2 }))).ended).toBeUndefined();
  });
});

describe('refitGaussianMixture', () => {
  it('goes on from a mixture, and never describes the codes worse', async () => {
    const moved = planted.toJSON();
    const start = gaussianMixture({ ...moved, means: moved.means.map((value) => value + 0.4) });
    const before = mean(await start.logProb(plantedCodes.z));
    const once = await refitGaussianMixture(plantedCodes, start, { runtime, maxIterations: 1 });
    const whole = await refitGaussianMixture(plantedCodes, start, { runtime });
    const [after, end] = [mean(await once.logProb(plantedCodes.z)), mean(await whole.logProb(plantedCodes.z))];
    expect(after).toBeGreaterThan(before);
    expect(end).toBeGreaterThan(after);
    expect(end).toBeGreaterThan(mean(await planted.logProb(plantedCodes.z)) - 1e-3);
    expect(whole.components).toBe(3);
  });

  it('stops when it is told to, and refuses other latents', async () => {
    const some = await refitGaussianMixture(plantedCodes, planted, { runtime, stop: () => true, tolerance: 0 });
    expect(some.iterations).toBe(1);
    await expect(refitGaussianMixture(draws(new Float32Array(9), 3), planted, { runtime })).rejects.toThrow(
      new ShapeError('refitGaussianMixture: z: expected 3 rows of 2 values, got 9 values'),
    );
  });
});

describe('what cannot be fitted', () => {
  it.each<[string, Partial<FitOptions>, string]>([
    ['more components than codes', { components: 7 }, 'expected at least as many codes as components (7), got 6 codes'],
    ['no component', { components: 0 }, 'components: expected a whole number in 1 … 200, got 0'],
    ['201 components', { components: 201 }, 'components: expected a whole number in 1 … 200, got 201'],
    ['no start', { starts: 0 }, 'starts: expected a whole number from 1 up, got 0'],
  ])('%s', async (_, more, text) => {
    await expect(fitGaussianMixture(draws(new Float32Array(12), 2), options(more))).rejects.toThrow(
      new InputError(`fitGaussianMixture: ${text}`),
    );
  });

  it('values that are not finite, by their place', async () => {
    const z = Float32Array.of(0, 1, 2, 3, 4, Number.NaN);
    await expect(fitGaussianMixture(draws(z, 2), options())).rejects.toThrow(
      new InputError('fitGaussianMixture: z: row 2, column 1: expected a finite number, got NaN'),
    );
  });

  it('held-out codes of other dimensions', async () => {
    const heldOut = draws(new Float32Array(6), 3);
    await expect(fitGaussianMixture(plantedCodes, options({ heldOut }))).rejects.toThrow(
      new InputError('fitGaussianMixture: heldOut: expected codes of 2 dimensions, got 3'),
    );
  });

  it('rows that do not fit', async () => {
    await expect(fitGaussianMixture({ z: new Float32Array(7), n: 3, latents: 2 }, options())).rejects.toThrow(
      new ShapeError('fitGaussianMixture: z: expected 3 rows of 2 values, got 7 values'),
    );
  });
});
