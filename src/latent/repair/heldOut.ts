/** Held-out posteriors of a repair, beside the draws that `prepare` makes of them. */
import type { Draws, Posteriors } from '../audit/codes.js';
import type { AuditInput, Prepared } from '../audit/prepare.js';
import { halves, sampleRows, selectRows } from '../audit/split.js';
import { type ScoredDraws, scoreDraws } from '../evaluation/index.js';
import { noiseOf } from '../samplers/draw.js';
import { type RepairModel, rowsAt } from './model.js';
import { Interrupted, type RepairOptions } from './options.js';

/** Images that importance-weighted bounds are of, by the seed. */
const IMAGES = 500;
/** K, draws of each of them: with 784 pixels, 25,000 decodes in all. */
export const IMPORTANCE_DRAWS = 50;
/** Fewer images have no interval worth the name. */
const LEAST = 2;

/** Rows of the test codes that are used as held-out ones. */
export const heldOutRows = (n: number, { heldOut }: Prepared, seed: number): Uint32Array =>
  sampleRows(n, heldOut.n, seed);

/** Posteriors that the held-out draws are of, in their order; undefined where codes are draws. */
export const heldOutPosteriors = (
  { train, test }: AuditInput,
  prepared: Prepared,
  seed: number,
): Posteriors | undefined => {
  const codes = test ?? train;
  if (!('mu' in codes)) return undefined;
  const own = test ? codes : selectRows(codes, halves(codes.n, seed).test);
  return selectRows(own, heldOutRows(own.n, prepared, seed));
};

/**
 * Draws of the first held-out posteriors from the noise that N(0, I) makes its draws of: row i of both is one noise row.
 *
 *   z_i = μ_i + σ_i ε_i,  ε = noiseOf(n, D, seed)
 *
 * Codes that are draws stay as they are. Shapes: -> [min(n, held-out codes), D].
 */
export const controlDraws = (posteriors: Posteriors | undefined, heldOut: Draws, n: number, seed: number): Draws => {
  const { latents } = heldOut;
  const rows = Math.min(n, heldOut.n);
  if (!posteriors) return { z: heldOut.z.subarray(0, rows * latents), n: rows, latents };
  const { mu, sigma } = posteriors;
  const z = noiseOf(rows, latents, seed).map((noise, i) => mu[i]! + sigma[i]! * noise);
  return { z, n: rows, latents };
};

/** K draws of some held-out posteriors with their scores: what IWAE-K is made of. Undefined without a likelihood. */
export const importanceDraws = async (
  posteriors: Posteriors | undefined,
  model: RepairModel | undefined,
  { seed, interrupted }: RepairOptions,
): Promise<ScoredDraws | undefined> => {
  if (!posteriors || !model?.likelihood || posteriors.n < LEAST) return undefined;
  const rows = sampleRows(posteriors.n, IMAGES, seed);
  const some = selectRows(posteriors, rows);
  const images = rowsAt(model.heldOut, model.pixels, rows);
  return scoreDraws(() => Promise.resolve(some), model.likelihood, images, model.pixels, {
    draws: IMPORTANCE_DRAWS,
    seed,
    onProgress: () => {
      if (interrupted?.()) throw new Interrupted('repair: interrupted before anything was measured');
    },
  });
};
