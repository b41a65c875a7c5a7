import { componentsSampler, ONE, savedComponents } from './gaussianComponents.js';
import { plainFamily } from './plainFamily.js';
import type { SamplerFamily } from './sampler.js';

const NAME = 'diagonal-gaussian';
/** Standard deviation of a dimension that never changes, beside the widest one. */
const LEAST_SPREAD = 1e-4;

/**
 * N(m, diag s²) with the means and variances of the aggregate posterior.
 *
 *   m_d = mean_i μ_id,  s_d² = mean_i (μ_id − m_d)² + σ_id²
 */
export const diagonalGaussianFamily = (): SamplerFamily =>
  plainFamily({
    name: NAME,
    complexity: 2,
    least: 2,
    estimate: ({ mu, sigma, n, latents }) => {
      const means = new Float64Array(latents);
      const variances = new Float64Array(latents);
      for (let i = 0; i < mu.length; i++) means[i % latents]! += mu[i]! / n;
      for (let i = 0; i < mu.length; i++) {
        variances[i % latents]! += ((mu[i]! - means[i % latents]!) ** 2 + sigma[i]! ** 2) / n;
      }
      const spread = variances.map(Math.sqrt);
      const floor = LEAST_SPREAD * (spread.reduce((a, b) => Math.max(a, b)) || 1);
      const constants = spread.filter((value) => value < floor).length;
      return savedComponents(NAME, latents, {
        covariance: 'diagonal',
        weights: ONE,
        means,
        factors: spread.map((value) => Math.max(value, floor)),
        facts: {},
        notes:
          constants === 0
            ? []
            : [`${constants} constant dimension${constants === 1 ? ' was' : 's were'} given a small spread`],
      });
    },
    build: (saved, runtime) => componentsSampler(saved, runtime, { title: () => 'diagonal Gaussian' }),
  });
