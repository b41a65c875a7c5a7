import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { codesOf, normals } from '../../../../test/support/latentCodes.js';
import { InputError } from '../../../engine/errors/index.js';
import { input } from '../../../engine/graph/index.js';
import { evaluate } from '../../../engine/interpreter/index.js';
import { fitWhitening, logVolume, unwhitened, whitened } from './whitening.js';

/** Correlated, off centre, of unequal widths. */
const correlated = (n: number): Float32Array => {
  const e = normals(3 * n, 'whitening');
  for (let i = 0; i < 3 * n; i += 3) {
    const [a, b, c] = [e[i]!, e[i + 1]!, e[i + 2]!];
    e.set([5 + 2 * a, -1 + a + 0.5 * b, 100 * (c - b)], i);
  }
  return e;
};

describe('whitening', () => {
  it('gives codes of mean 0 and covariance I', () => {
    const z = correlated(400);
    const whitening = fitWhitening(codesOf(z, 3));
    const white = evaluate([whitened(whitening, input('z', [400, 3]))], { z })[0]!;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j <= i; j++) {
        let product = 0;
        for (let r = 0; r < 400; r++) product += (white[3 * r + i]! * white[3 * r + j]!) / 400;
        expect(product).toBeCloseTo(i === j ? 1 : 0, 4);
      }
    }
    expect(whitening.note).toBeUndefined();
    expect(logVolume(whitening)).toBeCloseTo(Math.log(2 * 0.5 * 100), 0);
    const back = evaluate([unwhitened(whitening, whitened(whitening, input('z', [400, 3])))], { z })[0]!;
    expectClose(back, z, { relative: 1e-6, absolute: 1e-4 });
  });

  it('adds what the posteriors spread to what their means spread', () => {
    const mu = Float32Array.of(0, 1, 2, 3, 4, 8);
    const { mean, factor } = fitWhitening({ mu, sigma: Float32Array.of(1, 2, 1, 2, 1, 5), n: 3, latents: 2 });
    expectClose(mean, [2, 4], { absolute: 1e-6 });
    const [a, , b, c] = factor;
    expectClose([a! ** 2, a! * b!, b! ** 2 + c! ** 2], [8 / 3 + 1, 14 / 3, 26 / 3 + 11], { relative: 1e-6 });
  });

  it('says what it did where the covariance is singular', () => {
    const e = normals(200, 'singular');
    const twice = Float32Array.from({ length: 400 }, (_, i) => e[i >> 1]!);
    const same = fitWhitening(codesOf(twice, 2));
    expect(same.note).toMatch(/^the covariance was singular: \de-\d added to the correlations' diagonal$/);
    expect(Number.isFinite(logVolume(same))).toBe(true);
    const flat = Float32Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 7 : e[i >> 1]!));
    const still = fitWhitening(codesOf(flat, 2));
    expect(still.note).toBe('1 constant dimension was given a small spread');
    expect(still.factor[0]).toBeGreaterThan(0);
  });

  it('refuses codes that are not finite', () => {
    expect(() => fitWhitening(codesOf(Float32Array.of(1, 2, Number.NaN, 4), 2))).toThrow(
      new InputError('codes: expected finite values, got one that is not'),
    );
  });
});
