import { add, constant, gather, mul, split, type Tensor } from '../../engine/graph/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { mixtureDensity } from '../audit/mixture/index.js';
import { chooseComponent } from './chooseComponent.js';
import { plainFamily } from './plainFamily.js';
import type { Sampler, SamplerFamily, SavedSampler } from './sampler.js';
import { savedArray } from './saved.js';

const NAME = 'aggregate-posterior';

/**
 * q(z) = (1/N) Σ_i N(z; μ_i, diag σ_i²): the mixture of all posteriors, exact by definition. Its draws are codes of
 * training images again, so that it can show nothing new: `replays` says so.
 *
 * Throws: InputError for codes that are draws.
 */
export const aggregatePosteriorFamily = (): SamplerFamily =>
  plainFamily({
    name: NAME,
    complexity: 31,
    least: 1,
    posteriors: true,
    estimate: ({ mu, sigma, n, latents }) => ({
      family: NAME,
      latents,
      settings: {},
      arrays: { mu: { shape: [n, latents], data: mu }, sigma: { shape: [n, latents], data: sigma } },
    }),
    build: aggregatePosterior,
  });

const aggregatePosterior = (saved: SavedSampler, runtime: Runtime): Sampler => {
  const { latents } = saved;
  const mu = savedArray(saved, 'mu');
  const sigma = savedArray(saved, 'sigma', mu.length);
  const n = mu.length / latents;
  return {
    name: `aggregate posterior of ${n} codes`,
    family: NAME,
    latents,
    noise: latents + 1,
    replays: true,
    notes: [],
    facts: { components: n },
    toGraph: (noise) => {
      const [choice, within] = split(noise, 1, [1, latents]) as [Tensor, Tensor];
      const chosen = chooseComponent(choice, new Float64Array(n).fill(1 / n));
      const rows = (values: Float32Array): Tensor => gather(constant([...values], [n, latents]), chosen);
      return add(rows(mu), mul(rows(sigma), within));
    },
    logProb: async (z) => {
      const density = await mixtureDensity({ mu, sigma, n, latents }, runtime);
      try {
        return await density.logProb(z);
      } finally {
        await density.release();
      }
    },
    save: () => saved,
  };
};
