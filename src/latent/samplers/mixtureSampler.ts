import { InputError } from '../../engine/errors/index.js';
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
 * The deadline ends it with the best there is, and the notes say so. Throws: InputError for fewer codes than components.
 */
export const mixtureFamily = (options: MixtureOptions): SamplerFamily => {
  const { name, complexity, covariance, components } = options;
  return plainFamily({
    name,
    complexity,
    least: typeof components === 'number' ? 1 : CODES_EACH * Math.min(...components),
    estimate: async (codes, fitOptions) => {
      const { mixture, notes } = await estimateMixture(codes, fitOptions, options);
      return savedComponents(name, codes.latents, {
        ...mixture,
        facts: { components: mixture.components, iterations: mixture.iterations, converged: mixture.converged ? 1 : 0 },
        notes,
      });
    },
    build: (saved, runtime) =>
      componentsSampler(saved, runtime, {
        title: (k) => (k === 1 ? `one ${covariance} Gaussian` : `mixture of ${k} ${covariance} Gaussians`),
      }),
  });
};

/** A mixture with what is to be said of its fit. */
interface Estimated {
  readonly mixture: GaussianMixture;
  readonly notes: readonly string[];
}

export const estimateMixture = async (
  codes: TrainingCodes,
  options: FitOptions,
  sizes: Omit<MixtureOptions, 'complexity'>,
): Promise<Estimated> => {
  const { seed, runtime, deadline, onProgress } = options;
  const { name, covariance, components, starts = 3, iterations } = sizes;
  const settings = {
    covariance,
    starts,
    seed,
    runtime,
    ...(iterations !== undefined && { maxIterations: iterations }),
    ...(deadline && { stop: () => deadline.now() >= deadline.at }),
    ...(onProgress && { onProgress }),
  };
  if (typeof components === 'number') {
    if (codes.n < components) {
      throw new InputError(
        `${name}: expected at least as many codes as components (${components}), got ${codes.n} codes`,
      );
    }
    const mixture = await fitGaussianMixture(drawCodes(codes, seed, 'fitted'), { ...settings, components });
    return { mixture, notes: notesOf(mixture) };
  }
  const { fitted, heldOut } = partCodes(codes, options);
  const candidates = components.filter((k) => k * CODES_EACH <= codes.n && k <= fitted.n);
  const { mixture, tried } = await chooseComponents(
    drawCodes(fitted, seed, 'fitted'),
    drawCodes(heldOut, seed, 'heldOut'),
    { ...settings, candidates },
  );
  const most = tried.at(-1)!.components;
  const untried = `the time was up: of ${candidates.length} numbers of components, ${tried.length} were tried, up to ${most}`;
  return { mixture, notes: [...notesOf(mixture), ...(tried.length < candidates.length ? [untried] : [])] };
};

const notesOf = ({ regularised, ended }: GaussianMixture): string[] =>
  [regularised, ended].filter((note) => note !== undefined);
