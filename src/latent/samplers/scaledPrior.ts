import { InputError } from '../../engine/errors/index.js';
import { componentsSampler, ONE, savedComponents } from './gaussianComponents.js';
import { plainFamily } from './plainFamily.js';
import type { SamplerFamily } from './sampler.js';

const NAME = 'scaled-prior';

/**
 * N(0, s² I), the prior at the scale of highest likelihood.
 *
 *   s² = mean_id (μ_id² + σ_id²)
 *
 * Throws: InputError for codes that are all 0.
 */
export const scaledPriorFamily = (): SamplerFamily =>
  plainFamily({
    name: NAME,
    complexity: 1,
    least: 2,
    estimate: ({ mu, sigma, latents }) => {
      const squares = mu.reduce((sum, value, i) => sum + value ** 2 + sigma[i]! ** 2, 0);
      if (squares === 0) throw new InputError(`${NAME}: expected codes that differ from 0, got none`);
      const scale = Math.sqrt(squares / mu.length);
      return savedComponents(NAME, latents, {
        covariance: 'diagonal',
        weights: ONE,
        means: new Float32Array(latents),
        factors: new Float32Array(latents).fill(scale),
        facts: { scale },
        notes: [],
      });
    },
    build: (saved, runtime) =>
      componentsSampler(saved, runtime, {
        title: () => `N(0, s² I) with s = ${saved.arrays.factors?.data[0]?.toPrecision(3)}`,
      }),
  });
