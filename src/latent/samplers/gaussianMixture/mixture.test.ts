import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { readReference } from '../../../../test/support/reference.js';
import { InputError, ShapeError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { expectationMaximization } from './expectationMaximization.js';
import { type CovarianceKind, type GaussianMixtureValues, gaussianMixture } from './index.js';

interface Reference {
  readonly densities: readonly (Pick<
    GaussianMixtureValues,
    'covariance' | 'latents' | 'weights' | 'means' | 'factors'
  > & {
    readonly z: readonly number[];
    readonly logProb: readonly number[];
  })[];
  readonly em: readonly (Pick<GaussianMixtureValues, 'covariance' | 'latents' | 'weights' | 'means' | 'factors'> & {
    readonly z: readonly number[];
    readonly startMeans: readonly number[];
    readonly iterations: number;
  })[];
}
const reference = readReference<Reference>('gaussianMixture');
const runtime = nodeRuntime();

const values = (
  parts: Pick<GaussianMixtureValues, 'covariance' | 'latents' | 'weights' | 'means' | 'factors'>,
): GaussianMixtureValues => ({ kind: 'gaussianMixture', iterations: 5, converged: true, ...parts });

/** A mixture whose components are as thin as 1/20 of it. */
const made = (covariance: CovarianceKind, k: number, d: number): GaussianMixtureValues => {
  const stream = keyedStream(k, `test/made/${covariance}`, d);
  const weights = Array.from({ length: k }, () => 0.1 + stream.uniform());
  const total = weights.reduce((a, b) => a + b, 0);
  const size = covariance === 'full' ? d * d : d;
  const factors = Array.from({ length: k * size }, (_, i) => {
    const [row, column] = covariance === 'full' ? [Math.floor((i % size) / d), i % d] : [0, 0];
    if (column > row) return 0;
    return column === row ? 0.1 + stream.uniform() : 0.05 * stream.normal();
  });
  return values({
    covariance,
    latents: d,
    weights: weights.map((weight) => weight / total),
    means: Array.from({ length: k * d }, () => 2 * stream.normal()),
    factors,
  });
};

describe('logProb', () => {
  it.each(reference.densities.map((row) => [row.covariance, row.latents, row] as const))(
    'is that of scikit-learn, %s, %i dimensions',
    async (_kind, _latents, row) => {
      const found = await gaussianMixture(values(row)).logProb(Float32Array.from(row.z));
      expectClose(found, row.logProb, { relative: 1e-10, absolute: 1e-9 });
    },
  );

  it.each([
    ['full', 20, 12],
    ['diagonal', 40, 16],
  ] as const)('is the same with a runtime, %s', async (covariance, k, d) => {
    const mixture = gaussianMixture(made(covariance, k, d));
    const screened = gaussianMixture(mixture.toJSON(), runtime);
    const z = mixture.sample(3000, keyedStream(1, 'test/screened', 0));
    for (let i = 0; i < 300 * d; i++) z[i]! *= 30; // far from every component
    expectClose(await screened.logProb(z), await mixture.logProb(z), { absolute: 1e-8 });
  });

  it.each(['full', 'diagonal'] as const)('integrates to one, %s', async (covariance) => {
    const line = gaussianMixture(made(covariance, 5, 1));
    const along = Float32Array.from({ length: 4000 }, (_, i) => -15 + (30 * (i + 0.5)) / 4000);
    const one = (await line.logProb(along)).reduce((sum, value) => sum + Math.exp(value) * (30 / 4000), 0);
    expect(one).toBeCloseTo(1, 5);
    const side = 500;
    const plane = gaussianMixture(made(covariance, 5, 2));
    const grid = Float32Array.from({ length: 2 * side * side }, (_, i) => {
      const cell = i % 2 === 0 ? Math.floor(i / 2) % side : Math.floor(i / 2 / side);
      return -12 + (24 * (cell + 0.5)) / side;
    });
    const area = (24 / side) ** 2;
    const two = (await plane.logProb(grid)).reduce((sum, value) => sum + Math.exp(value) * area, 0);
    expect(two).toBeCloseTo(1, 4);
  });
});

describe('sample', () => {
  it.each(['full', 'diagonal'] as const)('has the moments of the mixture, %s', (covariance) => {
    const [k, d, n] = [4, 3, 40_000];
    const mixture = gaussianMixture(made(covariance, k, d));
    const z = mixture.sample(n, keyedStream(2, 'test/moments', 0));
    const moments = [...Array(d).keys()].flatMap((i) => [[i], ...[...Array(i + 1).keys()].map((j) => [i, j])]);
    for (const dimensions of moments) {
      const products = Float64Array.from({ length: n }, (_, row) =>
        dimensions.reduce((product, i) => product * z[row * d + i]!, 1),
      );
      const mean = products.reduce((a, b) => a + b, 0) / n;
      const se = Math.sqrt(products.reduce((a, b) => a + (b - mean) ** 2, 0)) / n;
      const expected = mixture.weights.reduce((sum, weight, c) => {
        const product = dimensions.reduce((value, i) => value * mixture.means[c * d + i]!, 1);
        return sum + weight * (product + (dimensions.length === 2 ? covarianceOf(mixture, c, dimensions) : 0));
      }, 0);
      expect(Math.abs(mean - expected)).toBeLessThan(4 * se);
    }
  });

  it('is the same from the same stream', () => {
    const mixture = gaussianMixture(made('full', 4, 3));
    const draw = (seed: number) => mixture.sample(50, keyedStream(seed, 'test/same', 0));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)).toHaveLength(150);
  });
});

const covarianceOf = (
  { covariance, latents: d, factors }: ReturnType<typeof gaussianMixture>,
  c: number,
  [i, j]: readonly number[],
): number => {
  if (covariance === 'diagonal') return i === j ? factors[c * d + i!]! ** 2 : 0;
  let value = 0;
  for (let s = 0; s < d; s++) value += factors[(c * d + i!) * d + s]! * factors[(c * d + j!) * d + s]!;
  return value;
};

it('is the same after saving and loading', async () => {
  const mixture = gaussianMixture({ ...made('full', 5, 4), regularised: 'one thing' }, runtime);
  const again = gaussianMixture(JSON.parse(JSON.stringify(mixture)) as GaussianMixtureValues, runtime);
  const z = mixture.sample(200, keyedStream(3, 'test/saved', 0));
  expect(again.sample(200, keyedStream(3, 'test/saved', 0))).toEqual(z);
  expect(await again.logProb(z)).toEqual(await mixture.logProb(z));
  expect([again.name, again.iterations, again.converged, again.regularised]).toEqual([
    'mixture of 5 full Gaussians',
    5,
    true,
    'one thing',
  ]);
});

it.each(reference.em.map((row) => [row.covariance, row.latents, row] as const))(
  'EM takes the steps of scikit-learn, %s, %i dimensions',
  async (covariance, latents, row) => {
    const k = row.weights.length;
    const em = await expectationMaximization({ covariance, latents }, k, 300, runtime);
    const size = covariance === 'full' ? latents * latents : latents;
    const start = {
      covariance,
      latents,
      weights: new Float64Array(k).fill(1 / k),
      means: Float64Array.from(row.startMeans),
      factors: Float64Array.from({ length: k * size }, (_, i) =>
        covariance === 'diagonal' || (i % size) % (latents + 1) === 0 ? 1 : 0,
      ),
    };
    const { components } = await em.run(start, em.points(Float32Array.from(row.z)), {
      maxIterations: row.iterations,
      tolerance: Number.NEGATIVE_INFINITY,
    });
    await em.release();
    expectClose(components.weights, row.weights, { absolute: 1e-5 });
    expectClose(components.means, row.means, { absolute: 5e-5 });
    expectClose(components.factors, row.factors, { absolute: 5e-5 });
  },
);

describe('what is no mixture', () => {
  const good = made('full', 2, 2);
  it.each<[string, Partial<GaussianMixtureValues>, string]>([
    ['too few means', { means: [0, 1] }, 'means: expected 4 values, got 2'],
    ['too few factors', { factors: [1] }, 'factors: expected 8 values, got 1'],
    ['weights', { weights: [0.5, 0.6] }, 'weights: expected numbers above 0 that sum to 1, got a sum of 1.1'],
    ['NaN', { means: [0, 1, Number.NaN, 0] }, 'means and factors: expected finite numbers, got NaN'],
    ['a factor', { factors: [1, 0, 0, -1, 1, 0, 0, 1] }, 'factors: expected a diagonal above 0, got -1'],
    ['latents', { latents: 0 }, 'latents: expected a whole number above 0, got 0'],
  ])('is refused: %s', (_, wrong, text) => {
    expect(() => gaussianMixture({ ...good, ...wrong })).toThrow(new InputError(`gaussianMixture: ${text}`));
  });

  it('a part of a row', async () => {
    await expect(gaussianMixture(good).logProb(new Float32Array(3))).rejects.toThrow(
      new ShapeError('logProb: z: expected rows of 2 values, got 3 values'),
    );
  });
});
