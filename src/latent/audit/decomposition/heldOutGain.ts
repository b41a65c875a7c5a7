import { ShapeError } from '../../../engine/errors/index.js';
import { estimate } from '../../../vae/training/index.js';
import type { Density, Draws } from '../codes.js';
import type { Measured } from '../result.js';
import { logPrior } from './logPrior.js';

/**
 * What a density fitted on other codes gains over the prior on these: a lower bound on KL(q(z) ‖ p(z)).
 *
 *   mean_s [ln q̂(z_s) − ln p(z_s)],  E_{z~q}[ln q̂ − ln p] = KL(q ‖ p) − KL(q ‖ q̂) ≤ KL(q ‖ p)
 *
 * Every nat of it is a nat of ELBO that sampling from q̂ in place of N(0, I) gains. It may be negative.
 *
 * Shapes: z [S, D], held out from the fit of q̂; S at least 2.
 * Units:  nats; standard error over the rows of z.
 * Throws: ShapeError when the density gives another number of values than there are rows, or for fewer than 2 rows.
 * Source: Hoffman & Johnson 2016, "ELBO surgery"; Rosca et al. 2018, arXiv:1802.06847.
 */
export const heldOutGain = async (density: Density, { z, n, latents }: Draws): Promise<Measured> => {
  const logDensity = await density.logProb(z);
  if (logDensity.length !== n || z.length !== n * latents || n < 2) {
    throw new ShapeError(
      `heldOutGain: expected z [n, ${latents}] with n at least 2 and n values of ${density.name}, ` +
        `got n ${n}, ${z.length} and ${logDensity.length} values`,
    );
  }
  const prior = logPrior(z, latents);
  return { ...estimate(logDensity.map((value, s) => value - prior[s]!)), unit: 'nats', by: density.name };
};
