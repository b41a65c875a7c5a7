import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { InputError, ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import type { Density } from '../audit/codes.js';
import { fullGaussian } from '../samplers/index.js';
import { bernoulliLikelihood, elboUnder, iwaeUnder, type LogLikelihood, scoreDraws } from './index.js';

/**
 * A linear Gaussian model: z ~ N(m, S²), x = W z + noise of variance v, the columns of W at right angles, so that the
 * posterior is diagonal and everything has a closed form. ln p(x) is that of N(W m, W S² Wᵀ + v I).
 */
const [LATENTS, PIXELS, VARIANCE] = [2, 4, 0.25];
const W = [
  [1, 0.5],
  [1, -0.5],
  [-0.5, 1],
  [0.5, 1],
];
const SQUARES = [2.5, 2.5];
const PRIOR_MEAN = [0.7, -0.4];
const PRIOR_VARIANCE = [0.5, 1.6];

const means = (z: ArrayLike<number>, at: number): number[] => W.map(([a, b]) => a! * z[at]! + b! * z[at + 1]!);

const priorOf = (mean: readonly number[], variance: readonly number[]) =>
  fullGaussian(Float64Array.from(mean), Float64Array.of(variance[0]!, 0, 0, variance[1]!));
const trueDensity: Density = {
  name: 'the true prior',
  logProb: (z) => priorOf(PRIOR_MEAN, PRIOR_VARIANCE).logProb(z),
};
const standardDensity: Density = { name: 'N(0, I)', logProb: (z) => priorOf([0, 0], [1, 1]).logProb(z) };

const likelihood: LogLikelihood = async (x, z) => {
  const k = z.length / LATENTS / (x.length / PIXELS);
  return Float64Array.from({ length: z.length / LATENTS }, (_, s) => {
    const from = Math.floor(s / k) * PIXELS;
    return means(z, s * LATENTS).reduce(
      (sum, mean, p) => sum - (x[from + p]! - mean) ** 2 / (2 * VARIANCE) - 0.5 * Math.log(2 * Math.PI * VARIANCE),
      0,
    );
  });
};

const data = (n: number): Float32Array => {
  const x = new Float32Array(n * PIXELS);
  const stream = keyedStream(3, 'test/images', 0);
  for (let i = 0; i < n; i++) {
    const z = PRIOR_MEAN.map((mean, d) => mean + Math.sqrt(PRIOR_VARIANCE[d]!) * stream.normal());
    means(z, 0).forEach((mean, p) => {
      x[i * PIXELS + p] = mean + Math.sqrt(VARIANCE) * stream.normal();
    });
  }
  return x;
};

/** The exact posterior under a prior N(m, S²), moved and widened. */
const posterior =
  (priorMean: readonly number[], priorVariance: readonly number[], shift = 0, wider = 1) =>
  async (x: Float32Array) => {
    const n = x.length / PIXELS;
    const mu = new Float32Array(n * LATENTS);
    const sigma = new Float32Array(n * LATENTS);
    for (let i = 0; i < n; i++) {
      for (let d = 0; d < LATENTS; d++) {
        const precision = SQUARES[d]! / VARIANCE + 1 / priorVariance[d]!;
        const pull = W.reduce((sum, row, p) => sum + row[d]! * x[i * PIXELS + p]!, 0);
        mu[i * LATENTS + d] = (pull / VARIANCE + priorMean[d]! / priorVariance[d]!) / precision + shift;
        sigma[i * LATENTS + d] = wider / Math.sqrt(precision);
      }
    }
    return { mu, sigma };
  };

const logEvidence = (x: Float32Array, mean: readonly number[], variance: readonly number[]): Float64Array => {
  const covariance = Float64Array.from({ length: PIXELS ** 2 }, (_, i) => {
    const [p, q] = [Math.floor(i / PIXELS), i % PIXELS];
    return (p === q ? VARIANCE : 0) + W[p]!.reduce((sum, w, d) => sum + w * variance[d]! * W[q]![d]!, 0);
  });
  return fullGaussian(Float64Array.from(means(mean, 0)), covariance).logProb(x);
};
const average = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

const x = data(400);
const exact = logEvidence(x, PRIOR_MEAN, PRIOR_VARIANCE);

describe('ELBO under a sampler', () => {
  it('is ln p(x) for every image where sampler and posterior are exact, whatever is drawn', async () => {
    const draws = await scoreDraws(posterior(PRIOR_MEAN, PRIOR_VARIANCE), likelihood, x, PIXELS, { draws: 3, seed: 1 });
    const { elbo, perImage } = await elboUnder(draws, trueDensity);
    expectClose(perImage, exact, { absolute: 2e-5 });
    expect(elbo.value).toBeCloseTo(average(exact), 5);
    expect(elbo).toMatchObject({ n: 400, seed: 1, unit: 'nats', by: 'the true prior' });
  });

  it('gains the mean of ln q̂ − ln p over the codes, KL(q̂ ‖ p) where q̂ is their law', async () => {
    const draws = await scoreDraws(posterior(PRIOR_MEAN, PRIOR_VARIANCE), likelihood, x, PIXELS, { draws: 1, seed: 2 });
    const { gain, elbo } = await elboUnder(draws, trueDensity);
    const kl = PRIOR_MEAN.reduce(
      (sum, mean, d) => sum + 0.5 * (mean ** 2 + PRIOR_VARIANCE[d]! - 1 - Math.log(PRIOR_VARIANCE[d]!)),
      0,
    );
    expect(Math.abs(gain.value - kl)).toBeLessThan(4 * gain.se!);
    // Paired: what is common to both bounds is not in it.
    expect(gain.se!).toBeLessThan(elbo.se!);
    const prior = await elboUnder(draws, standardDensity);
    expect(prior.gain.value).toBeCloseTo(0, 10);
    expect(elbo.value - prior.elbo.value).toBeCloseTo(gain.value, 10);
  });

  it('refuses densities that are not finite or too few', async () => {
    const draws = await scoreDraws(posterior([0, 0], [1, 1]), likelihood, x, PIXELS, { draws: 1, seed: 2 });
    const flat = new Float64Array(400);
    await expect(elboUnder(draws, { name: 'a flow', logProb: () => flat.with(7, -Infinity) })).rejects.toThrow(
      new RangeError('a flow: expected finite log-densities, got -Infinity in row 7'),
    );
    await expect(elboUnder(draws, { name: 'a flow', logProb: () => flat.subarray(1) })).rejects.toThrow(ShapeError);
  });
});

describe('IWAE under a sampler', () => {
  const ks = [1, 2, 8, 64];

  it('comes to ln p(x) from below, never falls where groups nest, and begins at the ELBO', async () => {
    const options = { draws: 64, seed: 4 };
    const draws = await scoreDraws(posterior(PRIOR_MEAN, PRIOR_VARIANCE, 0.15, 1.4), likelihood, x, PIXELS, options);
    const bounds = await iwaeUnder(draws, trueDensity, ks);
    const { elbo } = await elboUnder(draws, trueDensity);
    expect(bounds[0]!.bound.value).toBeCloseTo(elbo.value, 10);
    expect(bounds[0]!.effectiveSamples.value).toBeCloseTo(1, 10);
    bounds.slice(1).forEach(({ bound, effectiveSamples, k }, i) => {
      expect(bound.value).toBeGreaterThan(bounds[i]!.bound.value);
      expect(effectiveSamples.value).toBeGreaterThan(bounds[i]!.effectiveSamples.value);
      expect(effectiveSamples.value).toBeLessThan(k);
    });
    const truth = average(exact);
    expect(bounds[0]!.bound.value).toBeLessThan(truth - 0.2);
    expect(Math.abs(bounds[3]!.bound.value - truth)).toBeLessThan(0.02);
  });

  it('has the prior of the sampler: exact for the prior it is told, and its gain is the difference', async () => {
    const draws = await scoreDraws(posterior([0, 0], [1, 1]), likelihood, x, PIXELS, { draws: 4, seed: 4 });
    const [one] = await iwaeUnder(draws, standardDensity, [4]);
    expect(one!.bound.value).toBeCloseTo(average(logEvidence(x, [0, 0], [1, 1])), 5);
    expect(one!.effectiveSamples.value).toBeCloseTo(4, 4);
    const [better] = await iwaeUnder(draws, trueDensity, [4]);
    expect(better!.gain.value).toBeCloseTo(better!.bound.value - one!.bound.value, 10);
  });

  it('takes no more draws than there are', async () => {
    const draws = await scoreDraws(posterior([0, 0], [1, 1]), likelihood, x, PIXELS, { draws: 4, seed: 4 });
    await expect(iwaeUnder(draws, trueDensity, [5])).rejects.toThrow(
      new InputError('iwaeUnder: expected whole numbers of draws in 1 … 4, got 5'),
    );
  });
});

describe('scored draws', () => {
  it('begin with the same draws for any number of them, image by image', async () => {
    const encode = posterior([0, 0], [1, 1]);
    const few = await scoreDraws(encode, likelihood, x, PIXELS, { draws: 1, seed: 9 });
    const many = await scoreDraws(encode, likelihood, x.subarray(0, 5 * PIXELS), PIXELS, { draws: 3, seed: 9 });
    for (let i = 0; i < 5; i++) {
      expect(Array.from(many.z.subarray(i * 6, i * 6 + 2))).toEqual(Array.from(few.z.subarray(i * 2, i * 2 + 2)));
      expect(many.score[3 * i]).toBe(few.score[i]);
      expect(many.logPosterior[3 * i]).toBe(few.logPosterior[i]);
    }
  });

  it('have Bernoulli likelihoods of binary pixels, in blocks', async () => {
    const [images, pixels, draws] = [1700, 3, 5];
    const bits = new Float32Array(images * pixels);
    keyedStream(1, 'test/bits', 0).fillUniform(bits);
    bits.forEach((value, i) => {
      bits[i] = Math.round(value);
    });
    const decodeLogits = async (z: Float32Array) =>
      Float32Array.from({ length: z.length * pixels }, (_, i) => z[Math.floor(i / pixels)]! * ((i % pixels) - 1));
    const encode = async () => ({ mu: new Float32Array(images), sigma: new Float32Array(images).fill(1) });
    const score = bernoulliLikelihood(decodeLogits, pixels, nodeRuntime());
    const found = await scoreDraws(encode, score, bits, pixels, { draws, seed: 1 });
    const expected = Array.from(found.z, (z, s) =>
      [0, 1, 2].reduce((sum, p) => {
        const logit = z * (p - 1);
        const bit = bits[Math.floor(s / draws) * pixels + p]!;
        return sum + bit * logit - Math.log1p(Math.exp(logit));
      }, 0),
    );
    expectClose(found.score, expected, { relative: 1e-6, absolute: 1e-6 });
  });

  it('refuse grey pixels: their cross-entropy is no likelihood', async () => {
    const score = bernoulliLikelihood(async (z) => z, 2, nodeRuntime());
    await expect(score(Float32Array.of(0, 1, 0, 0.5), new Float32Array(4))).rejects.toThrow(
      new InputError('bernoulliLikelihood: expected pixels 0 or 1, got 0.5 in image 1: binarise the images first'),
    );
  });
});
