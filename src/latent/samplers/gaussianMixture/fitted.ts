import type { Runtime } from '../../../engine/runtime/index.js';
import type { EmResult } from './expectationMaximization.js';
import { type GaussianMixture, gaussianMixture } from './mixture.js';
import { VARIANCE_FLOOR, type Whitening } from './whitening.js';

/** What EM found in whitened coordinates as a mixture over the codes, with what was done to get there. */
export const mixtureOf = (fit: EmResult, space: Whitening, runtime: Runtime, ended?: string): GaussianMixture => {
  const { covariance, latents, weights, means, factors } = space.original(fit.components);
  const reasons = [
    ...(space.collapsed.length > 0
      ? [`${listed(space.collapsed)} without a variance of ${space.collapsed.length === 1 ? 'its' : 'their'} own`]
      : []),
    ...(fit.widened > 0 ? [`${fit.widened} of ${weights.length} components too thin`] : []),
  ];
  return gaussianMixture(
    {
      kind: 'gaussianMixture',
      covariance,
      latents,
      weights: [...weights],
      means: [...means],
      factors: [...factors],
      iterations: fit.iterations,
      converged: fit.converged,
      ...(ended !== undefined && { ended }),
      ...(reasons.length > 0 && {
        regularised: `${reasons.join('; ')}: variances raised to ${VARIANCE_FLOOR} of the codes' own`,
      }),
    },
    runtime,
  );
};

const listed = (dimensions: readonly number[]): string => {
  const shown = dimensions.slice(0, 5).join(', ');
  return `dimension${dimensions.length === 1 ? '' : 's'} ${shown}${dimensions.length > 5 ? ', …' : ''}`;
};
