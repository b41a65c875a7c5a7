import type { Draws, KlEstimator, RegimeName } from '../../vae/training/index.js';

/** In the order in which studies list them. */
export const REGIMES = ['joint', 'encoder-only', 'separate', 'tandem', 'random-z'] as const satisfies RegimeName[];
export const KL_ESTIMATORS = ['analytic', 'mc'] as const satisfies KlEstimator[];
export const DRAWS = ['fresh', 'repeated'] as const satisfies Draws[];
