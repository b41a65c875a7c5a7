import { sub, type Tensor } from '../../engine/graph/index.js';
import type { KlEstimator } from '../training/config.js';
import { type Normal, type Sample, standardNormalLogProb } from './normal.js';

/** KL(q ‖ N(0, I)) of each row, from the posterior and a draw of it: [B] nats. */
export type KlRule = (posterior: Normal, sample: Sample) => Tensor;

/**
 * The two estimators of the rate.
 *
 *   analytic: Σ_d ½ μ_d² + ½ (σ_d² − 1) − ln σ_d
 *   mc:       ln q(z) − ln p(z), z ~ q; its mean is the analytic value, its gradient goes through z
 */
export const klRules: Readonly<Record<KlEstimator, KlRule>> = {
  analytic: (posterior) => posterior.klStandardNormal(),
  mc: (_posterior, sample) => sub(sample.logProb, standardNormalLogProb(sample.z)),
};
