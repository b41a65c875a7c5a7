import { afterAll, describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { readReference } from '../../../../test/support/reference.js';
import { keyedStream } from '../../../engine/random/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import type { Posteriors } from '../codes.js';
import { type MixtureDensity, marginalDensities, mixtureDensity } from '../mixture/index.js';
import type { Measured } from '../result.js';
import { type Decomposition, decompose } from './index.js';
import { logPrior } from './logPrior.js';

interface Reference {
  readonly densities: {
    readonly mu: readonly number[][];
    readonly sigma: readonly number[][];
    readonly z: readonly number[][];
    readonly logMixture: readonly number[];
    readonly logMarginals: readonly number[][];
    readonly logPrior: readonly number[];
  };
  readonly split: {
    readonly mu: readonly number[][];
    readonly sigma: readonly number[][];
    readonly rate: number;
    readonly mutualInformation: number;
    readonly marginalKl: number;
    readonly dimensionKl: readonly number[];
    readonly totalCorrelation: number;
  };
}
const reference = readReference<Reference>('decomposition');

const runtime = nodeRuntime({ threads: 1 });
const open: MixtureDensity[] = [];
afterAll(() => Promise.all(open.map((density) => density.release())));
const densityOf = async (q: Posteriors): Promise<MixtureDensity> => {
  const density = await mixtureDensity(q, runtime);
  open.push(density);
  return density;
};
const split = async (q: Posteriors, draws: number, seed = 1): Promise<Decomposition> =>
  decompose(q, await densityOf(q), { draws, seed });

const posteriors = (mu: readonly (readonly number[])[], sigma: readonly (readonly number[])[]): Posteriors => ({
  mu: Float32Array.from(mu.flat()),
  sigma: Float32Array.from(sigma.flat()),
  n: mu.length,
  latents: mu[0]!.length,
});

/** Within four standard errors, and what the codes themselves, N of infinitely many, may be off by. */
const expectNear = ({ value, se }: Measured, expected: number, slack = 0): void => {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(4 * se! + slack);
};

/** The sums that hold whatever was drawn. */
const expectSums = (terms: Decomposition): void => {
  const { rate, mutualInformation, marginalKl, totalCorrelation, dimensionwiseKl, dimensionKl } = terms;
  const absolute = 1e-9 * Math.max(1, rate.value);
  expectClose(
    [
      mutualInformation.value + marginalKl.value,
      totalCorrelation.value + dimensionwiseKl.value,
      dimensionKl.reduce((sum, { value }) => sum + value, 0),
    ],
    [rate.value, marginalKl.value, dimensionwiseKl.value],
    { absolute },
  );
};

describe('against scipy', () => {
  it('densities agree term by term', async () => {
    const { densities } = reference;
    const q = posteriors(densities.mu, densities.sigma);
    const z = Float32Array.from(densities.z.flat());
    expectClose(await (await densityOf(q)).logProb(z), densities.logMixture, { absolute: 6e-4 });
    expectClose(logPrior(z, q.latents), densities.logPrior, { absolute: 1e-9 });
    const marginals = marginalDensities(q);
    densities.logMarginals.forEach((expected, d) => {
      const column = densities.z.map((row) => Math.fround(row[d]!));
      expectClose(marginals.logProb(d, column), expected, { absolute: marginals.errorBound });
    });
  });

  it('terms agree with their integrals', async () => {
    const exact = reference.split;
    const terms = await split(posteriors(exact.mu, exact.sigma), 40_000);
    expect(terms.rate.value).toBeCloseTo(exact.rate, 6);
    expectNear(terms.rateMc, exact.rate);
    expectNear(terms.mutualInformation, exact.mutualInformation);
    expectNear(terms.marginalKl, exact.marginalKl);
    expectNear(terms.totalCorrelation, exact.totalCorrelation);
    exact.dimensionKl.forEach((value, d) => {
      expectNear(terms.dimensionKl[d]!, value);
    });
    expectSums(terms);
    expect(terms.marginalKl.se).toBeLessThan(0.01);
  });

  it('standard errors are those of repeated draws', async () => {
    const q = posteriors(reference.split.mu, reference.split.sigma);
    const density = await densityOf(q);
    const runs: Decomposition[] = [];
    for (let seed = 0; seed < 60; seed++) runs.push(await decompose(q, density, { draws: 300, seed }));
    for (const term of ['rateMc', 'mutualInformation', 'totalCorrelation', 'dimensionwiseKl'] as const) {
      const values = runs.map((run) => run[term].value);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
      const se = runs.reduce((sum, run) => sum + run[term].se!, 0) / runs.length;
      // The deviation of 60 values is itself known to 9%: four of those.
      expect(Math.abs(sd / se - 1)).toBeLessThan(0.37);
    }
  });
});

describe('known answers', () => {
  it('q_i = N(0, I): nothing anywhere', async () => {
    const [n, latents] = [700, 6];
    const q = { mu: new Float32Array(n * latents), sigma: new Float32Array(n * latents).fill(1), n, latents };
    const terms = await split(q, 2000);
    expect(terms.saturated).toBe(false);
    expectClose(
      [terms.rate, terms.rateMc, terms.mutualInformation, terms.marginalKl, ...terms.dimensionKl].map((t) => t.value),
      new Array(4 + latents).fill(0),
      { absolute: 1e-5 },
    );
    expect(Math.abs(terms.totalCorrelation.value)).toBeLessThan(1e-5);
  });

  it('codes of unit variance far apart: I is ln N, and all of it is said to be saturated', async () => {
    const n = 64;
    const corners = Array.from({ length: n }, (_, i) => [100 * (i % 8) - 350, 100 * Math.floor(i / 8) - 350]);
    const terms = await split(
      posteriors(
        corners,
        corners.map(() => [1, 1]),
      ),
      500,
    );
    expect(terms.saturated).toBe(true);
    expect(terms.mutualInformation.value).toBeCloseTo(Math.log(n), 3);
    expect(terms.mutualInformation.saturated).toBe(true);
    expect(terms.marginalKl.saturated).toBe(true);
    expect(terms.rate.saturated).toBeUndefined();
    // The marginals have 8 places each.
    expect(terms.totalCorrelation.value).toBeCloseTo(0, 3);
    expectSums(terms);
  });

  it('N(μ_i, s²I) that make up N(0, I): the rate is all information', async () => {
    const [n, latents, s] = [20_000, 4, 0.5];
    const mu = new Float32Array(n * latents);
    keyedStream(3, 'test/mu', 0).fillNormal(mu);
    const q = { mu: mu.map((v) => v * Math.sqrt(1 - s * s)), sigma: new Float32Array(mu.length).fill(s), n, latents };
    const terms = await split(q, 4000);
    const rate = -0.5 * latents * Math.log(s * s);
    expect(terms.saturated).toBe(false);
    expectNear(terms.rate, rate);
    expectNear(terms.rateMc, terms.rate.value);
    // N codes in place of all of them leave about [(s √(2 − s²))^−D − 1] / 2N of KL, some 10⁻³.
    expectNear(terms.marginalKl, 0, 2e-3);
    expectNear(terms.mutualInformation, terms.rate.value, 2e-3);
    expectSums(terms);
  });

  it('a Gaussian of known covariance: its total correlation and its dimensions', async () => {
    // C = [[1.5, 0.9], [0.9, 1]]; μ from C − s²I by its Cholesky factor.
    const [n, s] = [20_000, 0.4];
    const [c11, c12, c22] = [1.5, 0.9, 1];
    const l11 = Math.sqrt(c11 - s * s);
    const l21 = c12 / l11;
    const l22 = Math.sqrt(c22 - s * s - l21 * l21);
    const stream = keyedStream(4, 'test/mu', 0);
    const mu = Array.from({ length: n }, () => {
      const [a, b] = [stream.normal(), stream.normal()];
      return [l11 * a, l21 * a + l22 * b];
    });
    const terms = await split(
      posteriors(
        mu,
        mu.map(() => [s, s]),
      ),
      6000,
    );
    const dimension = (variance: number): number => 0.5 * (variance - 1 - Math.log(variance));
    // Sample variances of 20,000 codes are off by 1%, which moves these by about 0.01.
    expectNear(terms.totalCorrelation, -0.5 * Math.log(1 - c12 ** 2 / (c11 * c22)), 0.015);
    expectNear(terms.dimensionKl[0]!, dimension(c11), 0.01);
    expectNear(terms.dimensionKl[1]!, dimension(c22), 0.005);
    expectSums(terms);
  });
});

describe('a decomposition', () => {
  const q = posteriors(reference.split.mu, reference.split.sigma);

  it('is that of its seed, and says what it was measured with', async () => {
    const first = await split(q, 400, 5);
    expect(await split(q, 400, 5)).toEqual(first);
    expect((await split(q, 400, 6)).marginalKl.value).not.toBe(first.marginalKl.value);
    expect(first.rate).toMatchObject({ n: 30, unit: 'nats' });
    expect(first.rate.seed).toBeUndefined();
    expect(first.marginalKl).toMatchObject({ n: 400, seed: 5, unit: 'nats' });
    expect(first.dimensionKl).toHaveLength(2);
  });

  it('serves a single code: no information', async () => {
    const terms = await split(posteriors([[1, -2]], [[0.5, 2]]), 500);
    expect(terms.rate.se).toBeUndefined();
    expect(terms.mutualInformation.value).toBeCloseTo(0, 4);
    expect(terms.totalCorrelation.value).toBeCloseTo(0, 3);
  });

  it('tells how far it is', async () => {
    const shares: number[] = [];
    await decompose(q, await densityOf(q), { draws: 50, seed: 1, onProgress: (share) => shares.push(share) });
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it.each([1, 2.5, Number.NaN])('refuses %d draws', async (draws) => {
    await expect(split(q, draws)).rejects.toThrow(new RangeError(`decompose: expected at least 2 draws, got ${draws}`));
  });
});
