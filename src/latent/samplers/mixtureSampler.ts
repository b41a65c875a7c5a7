import { componentsSampler, savedComponents } from './gaussianComponents.js';
import {
  type CovarianceKind,
  chooseComponents,
  fitGaussianMixture,
  type GaussianMixture,
} from './gaussianMixture/index.js';
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
 * A deadline ends it with what there is, which a note says. Throws: InputError for fewer codes than components.
 */
export const mixtureFamily = (options: MixtureOptions): SamplerFamily => {
  const { name, complexity, covariance, components } = options;
  return plainFamily({
    name,
    complexity,
    least: typeof components === 'number' ? components : CODES_EACH * Math.min(...components),
    estimate: async (codes, fitOptions) => {
      const { mixture, ended } = await estimateMixture(codes, fitOptions, options);
      return savedComponents(name, codes.latents, {
        ...mixture,
        facts: { components: mixture.components, iterations: mixture.iterations, converged: mixture.converged ? 1 : 0 },
        notes: [...(mixture.regularised === undefined ? [] : [mixture.regularised]), ...ended],
      });
    },
    build: (saved, runtime) =>
      componentsSampler(saved, runtime, {
        title: (k) => (k === 1 ? `one ${covariance} Gaussian` : `mixture of ${k} ${covariance} Gaussians`),
      }),
  });
};

interface Estimated {
  readonly mixture: GaussianMixture;
  /** What the deadline cut short, in words. */
  readonly ended: readonly string[];
}

const estimateMixture = async (
  codes: TrainingCodes,
  options: FitOptions,
  sizes: MixtureOptions,
): Promise<Estimated> => {
  const { seed, runtime, deadline, onProgress } = options;
  const { covariance, components, starts = 3, iterations } = sizes;
  const settings = {
    covariance,
    starts,
    seed,
    runtime,
    ...(iterations !== undefined && { maxIterations: iterations }),
    ...(deadline && { deadline }),
    ...(onProgress && { onProgress }),
  };
  const late = (): boolean => deadline !== undefined && deadline.now() >= deadline.at;
  if (typeof components === 'number') {
    const mixture = await fitGaussianMixture(drawCodes(codes, seed, 'fitted'), { ...settings, components });
    const cut = !mixture.converged && late();
    return { mixture, ended: cut ? [`EM had not converged when its time was up, after ${taken(mixture)}`] : [] };
  }
  const { fitted, heldOut } = partCodes(codes, options);
  const candidates = components.filter((k) => k * CODES_EACH <= codes.n && k <= fitted.n);
  const choice = await chooseComponents(drawCodes(fitted, seed, 'fitted'), drawCodes(heldOut, seed, 'heldOut'), {
    ...settings,
    candidates,
  });
  const largest = choice.tried.at(-1)!.components;
  const cut = largest < candidates.at(-1)! && late();
  return {
    mixture: choice.mixture,
    ended: cut ? [`sizes up to ${largest} components were tried before its time was up`] : [],
  };
};

const taken = ({ iterations: n }: GaussianMixture): string => `${n} iteration${n === 1 ? '' : 's'}`;
