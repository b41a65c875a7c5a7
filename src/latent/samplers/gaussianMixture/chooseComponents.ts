import { InputError } from '../../../engine/errors/index.js';
import type { Draws } from '../../audit/codes.js';
import { endedBy, type FitOptions, fitGaussianMixture } from './fit.js';
import type { GaussianMixture } from './mixture.js';

export interface ChooseOptions extends Omit<FitOptions, 'components' | 'heldOut'> {
  /** Numbers of components to try. */
  readonly candidates: readonly number[];
}

export interface TriedComponents {
  readonly components: number;
  /** Mean ln q̂(z) of held-out codes, nats. */
  readonly heldOut: number;
  /** heldOut of the best less this, and its standard error, by pairs of the same codes. */
  readonly behind: number;
  readonly behindSe: number;
}

export interface ChosenMixture {
  readonly mixture: GaussianMixture;
  /** Ascending by components. */
  readonly tried: readonly TriedComponents[];
}

/**
 * The number of components by held-out likelihood: the fewest whose mean ln q̂ on held-out codes is within one standard
 * error (of the paired difference) of the best.
 *
 * A deadline ends it with the numbers that had their turn, from the fewest up; `tried` says which.
 *
 * Throws: InputError without candidates or held-out codes, and what fitting throws.
 */
export const chooseComponents = async (
  codes: Draws,
  heldOut: Draws,
  options: ChooseOptions,
): Promise<ChosenMixture> => {
  const { candidates, onProgress, ...fit } = options;
  const counts = [...new Set(candidates)].sort((a, b) => a - b);
  if (counts.length === 0) throw new InputError('chooseComponents: candidates: expected at least one number, got none');
  if (heldOut.n < 2) throw new InputError(`chooseComponents: expected at least 2 held-out codes, got ${heldOut.n}`);
  const fits: { readonly mixture: GaussianMixture; readonly values: Float64Array }[] = [];
  const work = counts.reduce((sum, k) => sum + k, 0);
  let done = 0;
  for (const components of counts) {
    if (fits.length > 0 && endedBy(fit)()) break;
    const within = (share: number) => onProgress?.((done + share * components) / work);
    const mixture = await fitGaussianMixture(codes, { ...fit, components, heldOut, onProgress: within });
    fits.push({ mixture, values: await mixture.logProb(heldOut.z) });
    done += components;
  }
  const means = fits.map(({ values }) => mean(values));
  const best = fits[means.indexOf(Math.max(...means))]!.values;
  const tried = fits.map(({ mixture, values }, i) => {
    const differences = best.map((value, row) => value - values[row]!);
    const behind = mean(differences);
    const spread = differences.reduce((sum, value) => sum + (value - behind) ** 2, 0) / (differences.length - 1);
    return {
      components: mixture.components,
      heldOut: means[i]!,
      behind,
      behindSe: Math.sqrt(spread / differences.length),
    };
  });
  const chosen = tried.findIndex(({ behind, behindSe }) => behind <= behindSe);
  return { mixture: fits[chosen]!.mixture, tried };
};

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
