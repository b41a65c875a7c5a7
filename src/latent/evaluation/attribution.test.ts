import { describe, expect, it } from 'vitest';
import { keyedStream } from '../../engine/random/index.js';
import { attribution, type Features, frechetDistance } from './index.js';

/** N(shift, I) features: the distance to N(0, I) is 3 shift². */
const features = (step: number, shift: number, n = 600): Features => {
  const values = new Float32Array(n * 3);
  keyedStream(10, 'test/features', step).fillNormal(values);
  return { values: values.map((value) => value + shift), n, width: 3 };
};
const reference = features(0, 0, 1000);
const shares = (a: number, b: number, c: number, real?: Features) =>
  attribution(reference, { posterior: features(1, a), fitted: features(2, b), prior: features(3, c) }, real);

describe('attribution of bad samples', () => {
  it.each([
    ['decoder', 2, 2.05, 2.4],
    ['hole', 0.3, 0.4, 2],
    ['fit', 0.3, 2, 2.1],
  ] as const)('is to the %s', (cause, a, b, c) => {
    const found = shares(a, b, c);
    expect(found.cause).toBe(cause);
    const { decoder, hole, fit } = found.shares;
    expect(decoder.value + hole.value + fit.value).toBeCloseTo(1, 12);
    expect(Math.abs(decoder.value - a ** 2 / c ** 2)).toBeLessThan(4 * decoder.se! + 0.01);
    expect(Math.abs(hole.value - (c ** 2 - b ** 2) / c ** 2)).toBeLessThan(4 * hole.se! + 0.01);
    expect(Math.abs(fit.value - (b ** 2 - a ** 2) / c ** 2)).toBeLessThan(4 * fit.se! + 0.01);
    expect(found.prior).toEqual(frechetDistance(reference, features(3, c)));
    expect(found.nearer.fitted.value).toBeCloseTo(found.prior.value - found.fitted.value, 10);
    expect(found.nearer.posterior.value).toBeCloseTo(found.prior.value - found.posterior.value, 10);
    // The reference is in both distances: their difference is known better than either.
    expect(found.nearer.posterior.se).toBeLessThan(Math.hypot(found.prior.se!, found.posterior.se!));
    expect(found.text).toMatch(new RegExp(`^Mostly the ${cause} .*with posterior samples`));
  });

  it('counts from the distance that real images have', () => {
    const real = features(4, 0.3);
    const found = shares(0.3, 0.3, 2, real);
    expect(Math.abs(found.shares.decoder.value)).toBeLessThan(4 * found.shares.decoder.se! + 0.005);
    expect(found.shares.hole.value).toBeGreaterThan(0.9);
  });

  it('has nothing to explain where prior samples are as good as real images', () => {
    const found = shares(0.1, 0.1, 0.1, features(4, 0.1));
    expect(found.cause).toBe('nothing');
    expect(found.text).toContain('nothing to explain');
  });

  it('takes sets of several sizes', () => {
    const found = attribution(reference, {
      posterior: features(1, 1, 30),
      fitted: features(2, 1, 50),
      prior: features(3, 2),
    });
    expect(found.shares.hole.se).toBeGreaterThan(0);
  });
});
