import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { readReference } from '../../../test/support/reference.js';
import { keyedStream } from '../../engine/random/index.js';
import { activeUnits, activeUnitsByThreshold, muVariances } from './activeUnits.js';
import type { Draws, Posteriors } from './codes.js';
import { frechet } from './frechet.js';
import { momentFloors } from './momentFloor.js';
import { momentKl } from './momentKl.js';
import { isSingular, momentsOf } from './moments.js';
import { isMeasured, type Measured } from './result.js';

interface MomentCase {
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly momentKl: { readonly value: number; readonly se: number };
  readonly frechet: { readonly value: number; readonly se: number };
}
const reference = readReference<{
  readonly mu: readonly number[];
  readonly sigma: readonly number[];
  readonly posteriors: MomentCase;
  readonly draws: MomentCase;
  readonly muVariance: readonly number[];
}>('auditMoments');

const posteriors: Posteriors = {
  mu: Float32Array.from(reference.mu),
  sigma: Float32Array.from(reference.sigma),
  n: 400,
  latents: 3,
};
const draws: Draws = { z: posteriors.mu, n: 400, latents: 3 };
const measured = (statistic: ReturnType<typeof momentKl>): Measured => {
  if (!isMeasured(statistic)) throw new Error(statistic.unavailable);
  return statistic;
};

describe.each([
  ['posteriors', posteriors, reference.posteriors],
  ['draws', draws, reference.draws],
] as const)('moments of %s', (_, codes, expected) => {
  const moments = momentsOf(codes);

  it('are those of an independent program', () => {
    expectClose(moments.mean, expected.mean, { absolute: 1e-12 });
    expectClose(moments.covariance, expected.covariance.flat(), { absolute: 1e-12 });
  });

  it('give the KL and the Fréchet distance, with errors as the jackknife has them', () => {
    const kl = measured(momentKl(codes, moments));
    const distance = frechet(codes, moments);
    expectClose([kl.value, distance.value], [expected.momentKl.value, expected.frechet.value], { relative: 1e-10 });
    expectClose([kl.se!, distance.se!], [expected.momentKl.se, expected.frechet.se], { relative: 0.03 });
  });

  it('have orthonormal axes, the widest first', () => {
    const { axes, eigenvalues, covariance } = moments;
    const back = Array.from({ length: 9 }, (__, at) => {
      const [i, j] = [Math.floor(at / 3), at % 3];
      return [0, 1, 2].reduce((sum, k) => sum + eigenvalues[k]! * axes[k * 3 + i]! * axes[k * 3 + j]!, 0);
    });
    expectClose(back, covariance, { absolute: 1e-12 });
    expect(Array.from(eigenvalues)).toEqual(Array.from(eigenvalues).sort((a, b) => b - a));
  });
});

describe('moments with closed forms', () => {
  it('are 0 apart for posteriors that are all N(0, I)', () => {
    const codes = { mu: new Float32Array(100 * 4), sigma: new Float32Array(100 * 4).fill(1), n: 100, latents: 4 };
    const moments = momentsOf(codes);
    expect(measured(momentKl(codes, moments))).toMatchObject({ value: 0, se: 0 });
    expect(frechet(codes, moments).value).toBe(0);
  });

  it('are singular in a dimension without width: no KL, and a finite Fréchet distance', () => {
    const z = new Float32Array(60);
    keyedStream(1, 'test', 0).fillNormal(z);
    for (let i = 0; i < z.length; i += 3) z[i + 2] = 0.5;
    const codes = { z, n: 20, latents: 3 };
    const moments = momentsOf(codes);
    expect(isSingular(moments)).toBe(true);
    expect(momentKl(codes, moments)).toEqual({
      unavailable: 'the covariance is singular (a direction without width): the KL is infinite',
    });
    expect(frechet(codes, moments).value).toBeGreaterThan(1.2);
    expect(frechet(codes, moments).se).toBeUndefined();
  });

  it('say so when there are fewer draws than dimensions', () => {
    const z = new Float32Array(30);
    keyedStream(1, 'test', 0).fillNormal(z);
    const codes = { z, n: 10, latents: 3 };
    expect(isMeasured(momentKl(codes, momentsOf(codes)))).toBe(true);
    const few = { z, n: 3, latents: 10 };
    expect(momentKl(few, momentsOf(few))).toMatchObject({ unavailable: expect.stringContaining('3 codes in 10') });
  });
});

describe('the floor of moments', () => {
  const [n, latents] = [300, 5];
  const floors = momentFloors(n, latents, undefined);
  const simulated = Array.from({ length: 200 }, (_, seed) => {
    const z = new Float32Array(n * latents);
    keyedStream(seed, 'test/floor', 0).fillNormal(z);
    const codes = { z, n, latents };
    const moments = momentsOf(codes);
    return { momentKl: measured(momentKl(codes, moments)).value, frechet: frechet(codes, moments).value };
  });

  it.each(['momentKl', 'frechet'] as const)('has the mean and spread that drawn codes have: %s', (name) => {
    const summary = (values: readonly number[]): { mean: number; sd: number } => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
    };
    const [floor, drawn] = [summary(floors[name]), summary(simulated.map((each) => each[name]))];
    const se = Math.hypot(floor.sd, drawn.sd) / Math.sqrt(200);
    expect(Math.abs(floor.mean - drawn.mean)).toBeLessThan(4 * se);
    // Of a standard deviation of 200 skewed values: some 8%.
    expect(Math.abs(Math.log(floor.sd / drawn.sd))).toBeLessThan(0.4);
    expect(floors[name]).toEqual([...floors[name]].sort((a, b) => a - b));
  });

  it('is drawn once where it is kept', () => {
    const kept = new Map<string, readonly number[]>();
    const cache = {
      get: (key: string) => kept.get(key),
      set: (key: string, values: readonly number[]) => void kept.set(key, values),
    };
    expect(momentFloors(n, latents, cache)).toEqual(floors);
    expect(kept.size).toBe(2);
    kept.forEach(
      (values, key) =>
        void kept.set(
          key,
          values.map(() => 7),
        ),
    );
    expect(momentFloors(n, latents, cache).momentKl[0]).toBe(7);
  });
});

describe('active units', () => {
  it('are counted by the variance of mu', () => {
    expectClose(
      muVariances(posteriors).map(({ value }) => value),
      reference.muVariance,
      { relative: 1e-10 },
    );
    expect(activeUnits(posteriors)).toEqual({
      value: 2,
      interval: [2, 2],
      n: 400,
      unit: 'dimensions',
      by: 'Var(mu) > 0.01',
    });
    expect(activeUnitsByThreshold(muVariances(posteriors))).toEqual([
      { threshold: 0.001, count: 3 },
      { threshold: 0.01, count: 2 },
      { threshold: 0.1, count: 2 },
    ]);
  });

  it('are in doubt where the variance is near the threshold', () => {
    // Even on ±0.1 √3: the variance is 0.0101, its standard error 0.0006.
    const mu = Float32Array.from({ length: 200 }, (_, i) => 0.1 * Math.sqrt(3) * ((2 * i) / 199 - 1));
    const codes = { mu, sigma: new Float32Array(200).fill(1), n: 200, latents: 1 };
    expect(activeUnits(codes)).toMatchObject({ interval: [0, 1] });
  });

  it('need posteriors', () => {
    expect(activeUnits(draws)).toEqual({ unavailable: 'needs posteriors: mu and sigma' });
  });
});
