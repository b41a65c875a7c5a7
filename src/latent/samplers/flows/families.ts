import { InputError } from '../../../engine/errors/index.js';
import type { SamplerFamily } from '../sampler.js';
import { type FamilySizes, trainedFamily } from '../training/family.js';
import { flowModel } from './flow.js';
import { maskedAutoregressive } from './maskedAutoregressive.js';
import { realNvp } from './realNvp.js';

/** A draw takes one step a latent and block: beyond this the graph is too long. */
const MOST_LATENTS = 64;

/** Masked autoregressive flow. */
export const maskedAutoregressiveFamily = (sizes?: FamilySizes<'blocks' | 'hidden'>): SamplerFamily =>
  trainedFamily(
    {
      name: 'maf',
      complexity: 21,
      title: ({ blocks, hidden }) => `masked autoregressive flow of ${blocks} blocks of ${hidden} units`,
      architecture: (latents) => ({ blocks: latents > 32 ? 5 : 8, hidden: Math.min(128, Math.max(32, 8 * latents)) }),
      schedule: { batch: 256, rate: 3e-3, epochs: 40, steps: [800, 10_000] },
      model: (latents, architecture) => flowModel(maskedAutoregressive({ latents, ...architecture })),
      require: ({ latents }) => {
        if (latents > MOST_LATENTS)
          throw new InputError(
            `maf: expected at most ${MOST_LATENTS} latents (a draw takes a step each), got ${latents}`,
          );
      },
    },
    sizes,
  );

/** RealNVP. */
export const realNvpFamily = (sizes?: FamilySizes<'couplings' | 'hidden'>): SamplerFamily =>
  trainedFamily(
    {
      name: 'realnvp',
      complexity: 20,
      title: ({ couplings, hidden }) => `RealNVP of ${couplings} couplings of ${hidden} units`,
      architecture: (latents) => ({ couplings: 12, hidden: Math.min(128, Math.max(32, 8 * latents)) }),
      schedule: { batch: 256, rate: 3e-3, epochs: 25, steps: [800, 10_000] },
      model: (latents, architecture) => flowModel(realNvp({ latents, ...architecture })),
      require: ({ latents }) => {
        if (latents < 2) throw new InputError(`realnvp: expected at least 2 latents to couple, got ${latents}`);
      },
    },
    sizes,
  );
