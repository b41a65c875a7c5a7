import type { SamplerFamily } from '../sampler.js';
import { type FamilySizes, trainedFamily } from '../training/family.js';
import { latentDiffusion } from './model.js';

/** Latent diffusion: a denoiser of z at every level of noise. */
export const latentDiffusionFamily = (sizes?: FamilySizes<'hidden' | 'drawSteps'>): SamplerFamily =>
  trainedFamily(
    {
      name: 'diffusion',
      complexity: 23,
      title: ({ hidden, drawSteps }) => `latent diffusion of ${hidden} units in ${drawSteps} steps`,
      architecture: (latents) => ({ hidden: Math.min(320, Math.max(64, 20 * latents)), drawSteps: 24 }),
      schedule: { batch: 512, rate: 2e-3, epochs: 110, steps: [1200, 12_000] },
      model: (latents, architecture) => latentDiffusion({ latents, ...architecture }),
    },
    sizes,
  );
