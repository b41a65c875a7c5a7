import type { SamplerFamily } from '../sampler.js';
import { type FamilySizes, trainedFamily } from '../training/family.js';
import { secondVae } from './model.js';

/** Two-stage VAE: a second VAE over z. */
export const secondVaeFamily = (sizes?: FamilySizes<'hidden'>): SamplerFamily =>
  trainedFamily(
    {
      name: 'second-vae',
      complexity: 22,
      title: ({ hidden }) => `second VAE of ${hidden} units`,
      architecture: (latents) => ({ hidden: Math.min(256, Math.max(64, 16 * latents)) }),
      schedule: { batch: 256, rate: 2e-3, epochs: 40, steps: [800, 10_000] },
      model: (latents, architecture) => secondVae({ latents, ...architecture }),
    },
    sizes,
  );
