import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/errors/index.js';
import type { Draws } from '../codes.js';
import { kurtosisOf, mardiaKurtosis } from './mardiaKurtosis.js';
import { mardiaSkewness, skewnessOf } from './mardiaSkewness.js';
import { priorDraws } from './options.js';

const options = { seed: 3 };

/** Every value turned by a function of itself. */
const turned = (draws: Draws, turn: (x: number) => number): Draws => ({ ...draws, z: draws.z.map(turn) });

/** Draws of three correlated and shifted dimensions. */
const affine = ({ z, n, latents }: Draws): Draws => ({
  z: z.map((value, i) => (i % 3 === 0 ? 5 + 0.1 * value : i % 3 === 1 ? 3 * value + z[i - 1]! : value - 4 * z[i - 1]!)),
  n,
  latents,
});

describe("Mardia's statistics", () => {
  const draws = turned(priorDraws(1000, 3, 1, 'codes'), (x) => x + 0.2 * x * x);

  it('do not change when the codes are shifted, stretched and mixed', () => {
    const before = skewnessOf(draws);
    const after = skewnessOf(affine(draws));
    expect(after.value / before.value).toBeCloseTo(1, 4);
    expect(kurtosisOf(after.y, 3).value / kurtosisOf(before.y, 3).value).toBeCloseTo(1, 4);
  });

  it('are those of one dimension: third moment squared, fourth moment', () => {
    // Exponential draws: skewness 2, kurtosis 9, each with large standard errors that the statistics know.
    const z = turned(priorDraws(20_000, 2, 2, 'codes'), (x) => x * x);
    const exponential = {
      z: Float32Array.from({ length: 20_000 }, (_, i) => z.z[2 * i]! + z.z[2 * i + 1]!),
      n: 20_000,
      latents: 1,
    };
    const skewness = mardiaSkewness(exponential, options);
    const kurtosis = mardiaKurtosis(exponential, options);
    expect(Math.abs(skewness.value - 4)).toBeLessThan(4 * skewness.se!);
    expect(Math.abs(kurtosis.value - 9)).toBeLessThan(4 * kurtosis.se!);
    expect(skewness.pValue).toBeLessThan(1e-100);
    expect(kurtosis.pValue).toBeLessThan(1e-100);
  });

  it('have the standard errors that repeats show', () => {
    const repeats = Array.from({ length: 200 }, (_, seed) =>
      turned(priorDraws(800, 3, seed, 'codes'), (x) => x + 0.15 * x * x),
    );
    for (const test of [mardiaSkewness, mardiaKurtosis]) {
      const floors = new Map<string, readonly number[]>();
      const values = repeats.map((z) => test(z, { seed: 1, floors }));
      const mean = values.reduce((sum, { value }) => sum + value, 0) / 200;
      const variance = values.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 199;
      const claimed = values.reduce((sum, { se }) => sum + se! ** 2, 0) / 200;
      // Heavy tails: the variance over repeats is itself known to about a fifth.
      expect(claimed / variance, test.name).toBeGreaterThan(0.5);
      expect(claimed / variance, test.name).toBeLessThan(1.6);
    }
  });

  it.each([
    [50, 2],
    [100, 8],
    [60, 20],
    [1000, 1],
  ])('refuse Gaussian codes as often as they say: n = %i, D = %i', (n, latents) => {
    const repeats = 400;
    for (const test of [mardiaSkewness, mardiaKurtosis]) {
      const floors = new Map<string, readonly number[]>();
      let refused = 0;
      for (let seed = 0; seed < repeats; seed++) {
        if (test(priorDraws(n, latents, seed, 'codes'), { seed, floors }).pValue! <= 0.05) refused++;
      }
      expect(refused / repeats, test.name).toBeGreaterThan(0.02);
      expect(refused / repeats, test.name).toBeLessThan(0.09);
    }
  });

  it('need codes that vary in every direction', () => {
    const z = priorDraws(100, 3, 1, 'codes');
    const constant = { ...z, z: z.z.map((value, i) => (i % 3 === 1 ? 0.3 : value)) };
    const linear = { ...z, z: z.z.map((value, i) => (i % 3 === 2 ? 2 * z.z[i - 1]! : value)) };
    for (const test of [mardiaSkewness, mardiaKurtosis]) {
      expect(() => test(constant, options)).toThrow(
        new InputError(`${test.name}: expected codes that vary in every dimension, got dimension 1 constant`),
      );
      expect(() => test(linear, options)).toThrow(
        new InputError(
          `${test.name}: expected codes that vary in every direction, got dimension 2 linear in the ones before it`,
        ),
      );
      expect(() => test(priorDraws(15, 3, 1, 'codes'), options)).toThrow(
        new InputError(`${test.name}: expected at least 16 codes, got 15`),
      );
    }
    expect(() => mardiaSkewness(priorDraws(1000, 300, 1, 'codes'), options)).toThrow(
      new InputError('mardiaSkewness: expected at most 256 latents, got 300'),
    );
  });

  it('bear a dimension nearly collapsed', () => {
    const z = priorDraws(500, 2, 1, 'codes');
    const narrow = { ...z, z: z.z.map((value, i) => (i % 2 === 0 ? 1e-5 * value : value)) };
    expect(skewnessOf(narrow).value / skewnessOf(z).value).toBeCloseTo(1, 5);
  });
});
