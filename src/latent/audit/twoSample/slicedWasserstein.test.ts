import { describe, expect, it } from 'vitest';
import { priorDraws } from './options.js';
import { normalCellMeans, slicedWasserstein, squaredWassersteinToNormal } from './slicedWasserstein.js';
import { normalQuantile } from './specialFunctions.js';

/** m + s ε in the first dimension, ε in the others. */
const stretched = (n: number, latents: number, seed: number, shift: number, scale: number) => {
  const draws = priorDraws(n, latents, seed, 'codes');
  for (let i = 0; i < draws.z.length; i += latents) draws.z[i] = shift + scale * draws.z[i]!;
  return draws;
};

describe('W₂ to N(0, 1)', () => {
  it('of Gaussian quantiles is m² + (s − 1)²', () => {
    const n = 20_000;
    const values = Float64Array.from({ length: n }, (_, i) => 0.7 + 1.5 * normalQuantile((i + 0.5) / n));
    expect(squaredWassersteinToNormal(values, normalCellMeans(n))).toBeCloseTo(0.49 + 0.25, 3);
  });

  it('of a point is 1 + x², and no values are nearer than the means of the cells', () => {
    expect(squaredWassersteinToNormal(Float64Array.of(2), normalCellMeans(1))).toBeCloseTo(5, 12);
    const means = normalCellMeans(50);
    const least = squaredWassersteinToNormal(means, means);
    for (const by of [-0.01, 0.01]) {
      expect(
        squaredWassersteinToNormal(
          means.map((x) => x + by),
          means,
        ),
      ).toBeCloseTo(least + 1e-4, 12);
    }
  });
});

describe('the sliced distance', () => {
  it('is |m| / √D for a shift', () => {
    // Over random directions (v · m)² has mean |m|²/D; 50 directions leave a spread of about √(2/50).
    const { value } = slicedWasserstein(stretched(1000, 4, 1, 2, 1), { seed: 1 });
    expect(Math.abs(value - 1)).toBeLessThan(0.25);
    // In one dimension there is one direction, and its mirror image.
    const one = slicedWasserstein(stretched(1000, 1, 1, 0.5, 1), { seed: 1 });
    expect(Math.abs(one.value - 0.5)).toBeLessThan(4 * one.se!);
    expect(one.pValue).toBeCloseTo(1 / 201, 12);
  });

  it('has the standard error that repeats show', () => {
    const floors = new Map<string, readonly number[]>();
    const repeats = Array.from({ length: 150 }, (_, seed) =>
      slicedWasserstein(stretched(400, 2, seed, 0.8, 1.6), { seed: 1, floors }),
    );
    const mean = repeats.reduce((sum, { value }) => sum + value, 0) / 150;
    const variance = repeats.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / 149;
    const claimed = repeats.reduce((sum, { se }) => sum + se! ** 2, 0) / 150;
    // Four standard errors of a variance over 150 repeats.
    expect(Math.abs(claimed / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 149));
  });

  it('bears codes that are all one, and names what it used', () => {
    const { value, pValue, by } = slicedWasserstein({ z: new Float32Array(60), n: 20, latents: 3 }, { seed: 1 });
    expect(value).toBeCloseTo(1, 12);
    expect(pValue).toBeCloseTo(1 / 201, 12);
    expect(by).toBe('20 codes; 50 directions against N(0, 1) itself');
    expect(() => slicedWasserstein(priorDraws(9, 2, 1, 'codes'), { seed: 1 })).toThrow('at least 10 codes, got 9');
  });
});
