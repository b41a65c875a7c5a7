import { componentsSampler, ONE, savedComponents } from './gaussianComponents.js';
import { plainFamily } from './plainFamily.js';
import type { SamplerFamily } from './sampler.js';
import { fitWhitening } from './training/whitening.js';

const NAME = 'full-gaussian';

/**
 * N(m, C) with the mean and covariance of the aggregate posterior, by the law of total covariance. A singular covariance
 * is regularised, and the notes say so.
 */
export const fullGaussianFamily = (): SamplerFamily =>
  plainFamily({
    name: NAME,
    complexity: 3,
    least: 2,
    estimate: (codes) => {
      const { mean, factor, note } = fitWhitening(codes);
      return savedComponents(NAME, codes.latents, {
        covariance: 'full',
        weights: ONE,
        means: mean,
        factors: factor,
        facts: {},
        notes: note === undefined ? [] : [note],
      });
    },
    build: (saved, runtime) => componentsSampler(saved, runtime, { title: () => 'full Gaussian' }),
  });
