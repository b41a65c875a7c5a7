import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { ShapeError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { webRuntime } from '../../../engine/runtime/web.js';
import type { Posteriors } from '../codes.js';
import { type MixtureDensity, mixtureDensity } from './index.js';

const runtime = nodeRuntime({ threads: 1 });
const open: MixtureDensity[] = [];
afterAll(() => Promise.all(open.map((density) => density.release())));
const densityOf = async (q: Posteriors): Promise<MixtureDensity> => {
  const density = await mixtureDensity(q, runtime);
  open.push(density);
  return density;
};

/** Term by term in float64, the square not expanded. */
const direct = ({ mu, sigma, n, latents }: Posteriors, z: Float32Array): number[] =>
  Array.from({ length: z.length / latents }, (_, s) => {
    const terms = Array.from({ length: n }, (_, i) => {
      let term = -0.5 * latents * Math.log(2 * Math.PI) - Math.log(n);
      for (let d = 0; d < latents; d++) {
        const scale = sigma[i * latents + d]!;
        term -= 0.5 * ((z[s * latents + d]! - mu[i * latents + d]!) / scale) ** 2 + Math.log(scale);
      }
      return term;
    });
    const max = terms.reduce((a, b) => Math.max(a, b));
    return max + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - max), 0));
  });

interface Recipe {
  readonly n: number;
  readonly latents: number;
  readonly seed: number;
  /** σ from `narrowest` to `widest`, even in ln σ. */
  readonly narrowest: number;
  readonly widest: number;
  /** Of the normal that the μ are drawn from; `offset` is added to all, on either side by turns where `sides`. */
  readonly spread: number;
  readonly offset?: number;
  readonly sides?: boolean;
}

const codes = ({ n, latents, seed, narrowest, widest, spread, offset = 0, sides = false }: Recipe): Posteriors => {
  const mu = new Float32Array(n * latents);
  const sigma = new Float32Array(n * latents);
  keyedStream(seed, 'test/mu', 0).fillNormal(mu);
  keyedStream(seed, 'test/sigma', 0).fillUniform(sigma, Math.log(narrowest), Math.log(widest));
  for (let i = 0; i < mu.length; i++) {
    const side = sides && Math.floor(i / latents) % 2 === 1 ? -1 : 1;
    mu[i] = side * offset + spread * mu[i]!;
    sigma[i] = Math.exp(sigma[i]!);
  }
  return { mu, sigma, n, latents };
};

/** z of the mixture, of N(0, I), and of a Gaussian five times as wide. */
const points = (q: Posteriors, count: number, seed: number): Float32Array => {
  const stream = keyedStream(seed, 'test/z', 0);
  const z = new Float32Array(3 * count * q.latents);
  stream.fillNormal(z);
  for (let s = 0; s < 3 * count; s++) {
    const code = stream.below(q.n) * q.latents;
    for (let d = 0; d < q.latents; d++) {
      const at = s * q.latents + d;
      if (s < count) z[at] = q.mu[code + d]! + q.sigma[code + d]! * z[at]!;
      else if (s >= 2 * count) z[at]! *= 5;
    }
  }
  return z;
};

const expectDirect = async (q: Posteriors, z: Float32Array, absolute: number): Promise<void> => {
  // log q of −10⁸ has no digit left below 10⁻⁸ of itself: float64 itself stops there.
  expectClose(await (await densityOf(q)).logProb(z), direct(q, z), { absolute, relative: 1e-12 });
};

describe('the mixture of all posteriors', () => {
  it.each<[string, Recipe]>([
    ['of one component', { n: 1, latents: 3, seed: 1, narrowest: 0.1, widest: 1, spread: 1 }],
    ['in one dimension', { n: 1500, latents: 1, seed: 2, narrowest: 0.01, widest: 1, spread: 1 }],
    ['in 128 dimensions', { n: 300, latents: 128, seed: 3, narrowest: 0.05, widest: 1.2, spread: 1 }],
    ['over a part of a block more', { n: 2017, latents: 8, seed: 4, narrowest: 0.2, widest: 1, spread: 1 }],
    ['collapsed', { n: 500, latents: 32, seed: 5, narrowest: 0.97, widest: 1.03, spread: 0.05 }],
    ['of narrow σ at large |μ|', { n: 500, latents: 32, seed: 6, narrowest: 0.01, widest: 0.02, spread: 10 }],
    ['narrow in 128 dimensions', { n: 200, latents: 128, seed: 7, narrowest: 0.01, widest: 0.01, spread: 10 }],
    [
      'of two crowds at ±10 whose components overlap',
      { n: 600, latents: 16, seed: 8, narrowest: 0.01, widest: 0.011, spread: 0.004, offset: 10, sides: true },
    ],
    [
      'of one crowd far from 0',
      { n: 600, latents: 16, seed: 9, narrowest: 0.01, widest: 0.02, spread: 0.01, offset: 100 },
    ],
    ['of σ over four decades', { n: 700, latents: 4, seed: 10, narrowest: 1e-3, widest: 10, spread: 2 }],
  ])('%s agrees with float64 term by term', async (_, recipe) => {
    const q = codes(recipe);
    await expectDirect(q, points(q, 20, recipe.seed), 6e-4);
  });

  it('agrees for any codes', async () => {
    const recipes = fc.record({
      n: fc.integer({ min: 1, max: 1200 }),
      latents: fc.integer({ min: 1, max: 40 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
      narrowest: fc.double({ min: Math.log(0.01), max: 0, noNaN: true }).map(Math.exp),
      widest: fc.double({ min: 1, max: 5, noNaN: true }),
      spread: fc.double({ min: 0, max: 4, noNaN: true }),
      offset: fc.double({ min: 0, max: 10, noNaN: true }),
      sides: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(recipes, async (recipe) => {
        const q = codes({ ...recipe, widest: recipe.narrowest * recipe.widest });
        const z = points(q, 5, recipe.seed);
        const density = await mixtureDensity(q, runtime);
        const found = await density.logProb(z);
        await density.release();
        expectClose(found, direct(q, z), { absolute: 6e-4, relative: 1e-12 });
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('is the same in WebAssembly, in both precisions', async () => {
    const q = codes({ n: 1100, latents: 6, seed: 14, narrowest: 0.01, widest: 1, spread: 2 });
    const z = points(q, 10, 14);
    const density = await mixtureDensity(q, webRuntime());
    expectClose(await density.logProb(z), direct(q, z), { absolute: 6e-4, relative: 1e-12 });
    await density.release();
  });

  it('integrates to one', async () => {
    const density = await densityOf(codes({ n: 50, latents: 2, seed: 11, narrowest: 0.2, widest: 0.8, spread: 1 }));
    const step = 0.05;
    const grid: number[] = [];
    for (let x = -7; x < 7; x += step) for (let y = -7; y < 7; y += step) grid.push(x, y);
    const total = (await density.logProb(Float32Array.from(grid))).reduce((sum, v) => sum + Math.exp(v) * step ** 2, 0);
    expect(total).toBeCloseTo(1, 5);
  });

  it('is the prior where every posterior is', async () => {
    const [n, latents] = [1234, 8];
    const density = await densityOf({
      mu: new Float32Array(n * latents),
      sigma: new Float32Array(n * latents).fill(1),
      n,
      latents,
    });
    const z = new Float32Array(50 * latents);
    keyedStream(1, 'test/z', 0).fillNormal(z);
    const prior = Array.from({ length: 50 }, (_, s) =>
      z.subarray(s * latents, (s + 1) * latents).reduce((sum, v) => sum - 0.5 * v * v, -4 * Math.log(2 * Math.PI)),
    );
    expectClose(await density.logProb(z), prior, { absolute: 1e-5 });
  });

  it('holds in holes of any depth, also where z² leaves float32', async () => {
    const q = codes({ n: 40, latents: 3, seed: 12, narrowest: 0.1, widest: 1, spread: 1 });
    await expectDirect(q, Float32Array.of(1e15, 0, 0, 300, -300, 300, 0, 40, 0), 6e-4);
    const wide = codes({ n: 40, latents: 3, seed: 12, narrowest: 9, widest: 10, spread: 1 });
    await expectDirect(wide, Float32Array.of(2.5e19, 0, 0), 0);
  });

  it('tells how far it is, and takes no rows as no rows', async () => {
    const density = await densityOf(codes({ n: 2500, latents: 2, seed: 13, narrowest: 0.1, widest: 1, spread: 1 }));
    const shares: number[] = [];
    await density.logProb(new Float32Array(8), (share) => shares.push(share));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(await density.logProb(new Float32Array(0))).toHaveLength(0);
  });
});

describe('what is no mixture', () => {
  const fine = { mu: new Float32Array(4), sigma: new Float32Array(4).fill(1), n: 2, latents: 2 };

  it.each<[string, Posteriors, string]>([
    ['of another shape', { ...fine, n: 3 }, 'mixtureDensity: expected mu and sigma [3, 2], got 4 and 4 values'],
    [
      'of nothing',
      { ...fine, mu: new Float32Array(0), sigma: new Float32Array(0), n: 0 },
      'mixtureDensity: expected mu and sigma [0, 2], got 0 and 0 values',
    ],
    [
      'with a NaN',
      { ...fine, mu: Float32Array.of(0, 0, Number.NaN, 0) },
      'mixtureDensity: mu: expected finite values, got NaN in row 1, column 0',
    ],
    [
      'with a σ of 0',
      { ...fine, sigma: Float32Array.of(1, 0, 1, 1) },
      'mixtureDensity: sigma: expected finite values above 0, got 0 in row 0, column 1',
    ],
  ])('is refused: %s', async (_, q, message) => {
    await expect(mixtureDensity(q, runtime)).rejects.toThrow(message);
  });

  it('is refused: z of another width, or not finite', async () => {
    const density = await densityOf(fine);
    await expect(density.logProb(new Float32Array(3))).rejects.toThrow(
      new ShapeError('logProb: z: expected rows of 2 values, got 3 values'),
    );
    await expect(density.logProb(Float32Array.of(0, 1, 2, Number.POSITIVE_INFINITY))).rejects.toThrow(
      new RangeError('logProb: z: expected finite values, got Infinity in row 1, column 1'),
    );
  });
});
