import { componentsSampler, ONE, savedComponents } from './gaussianComponents.js';
import { plainFamily } from './plainFamily.js';
import type { SamplerFamily } from './sampler.js';

/**
 * N(0, I), whatever the codes are: what a variational autoencoder is drawn from by the book, and what every other sampler
 * is held against.
 */
export const priorFamily = (): SamplerFamily =>
  plainFamily({
    name: 'prior',
    complexity: 0,
    least: 1,
    estimate: ({ latents }) =>
      savedComponents('prior', latents, {
        covariance: 'diagonal',
        weights: ONE,
        means: new Float32Array(latents),
        factors: new Float32Array(latents).fill(1),
        facts: {},
        notes: [],
      }),
    build: (saved, runtime) => componentsSampler(saved, runtime, { title: () => 'N(0, I)' }),
  });
