import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { ShapeError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import type { Posteriors } from '../codes.js';
import { marginalDensities } from './index.js';

/** Term by term. */
const direct = ({ mu, sigma, n, latents }: Posteriors, d: number, z: ArrayLike<number>): number[] =>
  Array.from(z, (x) => {
    const terms = Array.from({ length: n }, (_, i) => {
      const scale = sigma[i * latents + d]!;
      return -0.5 * ((x - mu[i * latents + d]!) / scale) ** 2 - Math.log(scale);
    });
    const max = terms.reduce((a, b) => Math.max(a, b));
    return max + Math.log(terms.reduce((sum, t) => sum + Math.exp(t - max), 0) / n) - 0.5 * Math.log(2 * Math.PI);
  });

const codes = (n: number, latents: number, seed: number, spread: number, logSigma: [number, number]): Posteriors => {
  const mu = new Float32Array(n * latents);
  const sigma = new Float32Array(n * latents);
  keyedStream(seed, 'test/mu', 0).fillNormal(mu);
  keyedStream(seed, 'test/sigma', 0).fillUniform(sigma, ...logSigma);
  return { mu: mu.map((v) => spread * v), sigma: sigma.map(Math.exp), n, latents };
};

/** Around the codes, along a line through all of them, and far outside. */
const points = ({ mu, sigma, n, latents }: Posteriors, d: number, seed: number): number[] => {
  const stream = keyedStream(seed, 'test/z', 0);
  const column = Array.from({ length: n }, (_, i) => mu[i * latents + d]!);
  const widest = sigma.reduce((a, b) => Math.max(a, b));
  const [low, high] = [Math.min(...column) - 14 * widest, Math.max(...column) + 14 * widest];
  const near = Array.from({ length: 60 }, () => {
    const at = stream.below(n) * latents + d;
    return mu[at]! + 2.5 * sigma[at]! * stream.normal();
  });
  return [...near, ...Array.from({ length: 80 }, (_, k) => low + ((high - low) * k) / 79), -1e4, 1e6];
};

describe('the marginals of the aggregate posterior', () => {
  it.each<[string, Posteriors]>([
    ['of one code', codes(1, 2, 1, 1, [-1, 0])],
    ['of few', codes(7, 2, 2, 1, [-2, 0])],
    ['collapsed', codes(3000, 2, 3, 0.02, [-0.03, 0.03])],
    ['over six decades of σ', codes(3000, 2, 4, 1, [Math.log(1e-5), Math.log(10)])],
    ['narrow and crowded', codes(3000, 2, 5, 0.1, [Math.log(0.01), Math.log(0.02)])],
    ['narrow and apart', codes(500, 2, 6, 10, [Math.log(1e-4), Math.log(1e-4)])],
    ['all of one σ, an edge of a scale', codes(2000, 2, 7, 1, [0, 0])],
  ])('%s agree with the sum term by term', (_, q) => {
    const marginals = marginalDensities(q);
    for (let d = 0; d < q.latents; d++) {
      const z = points(q, d, d);
      expectClose(marginals.logProb(d, z), direct(q, d, z), { absolute: marginals.errorBound, relative: 1e-12 });
    }
  });

  it('agree where the own component alone is left, up to the reach of the grid and beyond', () => {
    // The interpolation is at its worst where one Gaussian of the smallest σ of its grid falls steepest.
    const n = 400;
    const q = { mu: new Float32Array(n), sigma: new Float32Array(n).fill(1), n, latents: 1 };
    const z = Array.from({ length: 1300 }, (_, k) => -13 + 0.02 * k + 0.003);
    const marginals = marginalDensities(q);
    expectClose(marginals.logProb(0, z), direct(q, 0, z), { absolute: marginals.errorBound });
  });

  it('agree for any codes', () => {
    const recipe = fc.tuple(
      fc.integer({ min: 1, max: 1500 }),
      fc.integer({ min: 0, max: 1e6 }),
      fc.double({ min: -4, max: 2.5, noNaN: true }).map(Math.exp),
      fc.double({ min: -9, max: 0, noNaN: true }),
      fc.double({ min: 0, max: 5, noNaN: true }),
    );
    fc.assert(
      fc.property(recipe, ([n, seed, spread, narrowest, range]) => {
        const q = codes(n, 1, seed, spread, [narrowest, narrowest + range]);
        const z = points(q, 0, seed);
        const marginals = marginalDensities(q);
        expectClose(marginals.logProb(0, z), direct(q, 0, z), { absolute: marginals.errorBound, relative: 1e-12 });
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('promise less than 10⁻³ nats, and integrate to one', () => {
    const q = codes(500, 1, 8, 1, [-4, 0]);
    const marginals = marginalDensities(q);
    expect(marginals.errorBound).toBeLessThan(1e-3);
    const step = 1e-3;
    const grid = Array.from({ length: 24_000 }, (_, k) => -12 + k * step);
    const total = marginals.logProb(0, grid).reduce((sum, value) => sum + Math.exp(value) * step, 0);
    expect(total).toBeCloseTo(1, 4);
  });

  it('know their dimensions', () => {
    const marginals = marginalDensities(codes(3, 2, 9, 1, [0, 0]));
    expect(() => marginals.logProb(2, [0])).toThrow(
      new ShapeError('marginalDensities: expected a dimension in 0 … 1, got 2'),
    );
    const zero = { mu: new Float32Array(2), sigma: new Float32Array(2), n: 2, latents: 1 };
    expect(() => marginalDensities(zero)).toThrow(
      'marginalDensities: sigma: expected finite values above 0, got 0 in row 0',
    );
  });
});
