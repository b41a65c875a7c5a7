import { ShapeError } from '../../../engine/errors/index.js';
import type { Draws } from '../../audit/codes.js';
import { expectationMaximization } from './expectationMaximization.js';
import type { FitOptions } from './fit.js';
import { mixtureOf } from './fitted.js';
import type { GaussianMixture } from './mixture.js';
import { whitening } from './whitening.js';

export type RefitOptions = Pick<FitOptions, 'runtime' | 'maxIterations' | 'tolerance' | 'onProgress' | 'stop'>;

/**
 * EM on codes from a mixture on: it never describes them worse than that mixture does.
 *
 * Shapes: z [N, D]. Throws: ShapeError where the mixture is of other latents.
 */
export const refitGaussianMixture = async (
  codes: Draws,
  mixture: GaussianMixture,
  { runtime, maxIterations = 100, tolerance = 1e-3, onProgress, stop }: RefitOptions,
): Promise<GaussianMixture> => {
  const { z, n, latents: d } = codes;
  const { covariance, latents, components: k } = mixture;
  if (latents !== d || z.length !== n * d) {
    throw new ShapeError(`refitGaussianMixture: z: expected ${n} rows of ${latents} values, got ${z.length} values`);
  }
  const space = whitening(z, d, covariance);
  const em = await expectationMaximization({ covariance, latents: d }, k, n, runtime);
  try {
    const onIteration = (iteration: number) => onProgress?.(iteration / maxIterations);
    const limits = { maxIterations, tolerance, onIteration, ...(stop && { stop }) };
    const found = await em.run(space.whitened(mixture), em.points(space.white(z)), limits);
    return mixtureOf(found, space, runtime);
  } finally {
    await em.release();
  }
};
