import { InputError } from '../../engine/errors/index.js';
import { componentsSampler, savedComponents } from './gaussianComponents.js';
import { type CovarianceKind, chooseComponents, fitGaussianMixture } from './gaussianMixture/index.js';
import { drawCodes, partCodes, plainFamily } from './plainFamily.js';
import type { FitOptions, SamplerFamily, TrainingCodes } from './sampler.js';

export interface MixtureOptions {
  /** As users name it. */
  readonly name: string;
  readonly complexity: number;
  readonly covariance: CovarianceKind;
  /** One number, or some to choose from by held-out likelihood. */
  readonly components: number | readonly number[];
  /** Seeds of k-means++ to start from. 3 unless told. */
  readonly starts?: number;
  /** Of EM, at most. 100 unless told. */
  readonly iterations?: number;
}

/** Codes a component, at least, for a number of components to be tried. */
const CODES_EACH = 5;

/**
 * Mixture of Gaussians by EM on one draw of each posterior: see `fitGaussianMixture`.
 *
 * Throws: InputError for fewer codes than components, or when the deadline comes before the fit is done.
 */
export const mixtureFamily = (options: MixtureOptions): SamplerFamily => {
  const { name, complexity, covariance, components } = options;
  return plainFamily({
    name,
    complexity,
    least: typeof components === 'number' ? components : CODES_EACH * Math.min(...components),
    estimate: async (codes, fitOptions) => {
      const mixture = await estimateMixture(codes, fitOptions, options);
      return savedComponents(name, codes.latents, {
        ...mixture,
        facts: { components: mixture.components, iterations: mixture.iterations, converged: mixture.converged ? 1 : 0 },
        notes: mixture.regularised === undefined ? [] : [mixture.regularised],
      });
    },
    build: (saved, runtime) =>
      componentsSampler(saved, runtime, {
        title: (k) => (k === 1 ? `one ${covariance} Gaussian` : `mixture of ${k} ${covariance} Gaussians`),
      }),
  });
};

const estimateMixture = async (codes: TrainingCodes, options: FitOptions, sizes: MixtureOptions) => {
  const { seed, runtime, deadline, onProgress } = options;
  const { name, covariance, components, starts = 3, iterations } = sizes;
  const settings = {
    covariance,
    starts,
    seed,
    runtime,
    ...(iterations !== undefined && { maxIterations: iterations }),
    onProgress: (share: number) => {
      if (deadline && deadline.now() >= deadline.at) {
        throw new InputError(
          `${name}: expected more time for this fit, got to ${Math.round(100 * share)}% before it was up`,
        );
      }
      onProgress?.(share);
    },
  };
  if (typeof components === 'number') {
    return fitGaussianMixture(drawCodes(codes, seed, 'fitted'), { ...settings, components });
  }
  const { fitted, heldOut } = partCodes(codes, options);
  const candidates = components.filter((k) => k * CODES_EACH <= codes.n && k <= fitted.n);
  const choice = await chooseComponents(drawCodes(fitted, seed, 'fitted'), drawCodes(heldOut, seed, 'heldOut'), {
    ...settings,
    candidates,
  });
  return choice.mixture;
};
