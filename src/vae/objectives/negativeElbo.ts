import { mean, sub, type Tensor } from '../../engine/graph/index.js';
import type { Terms } from './terms.js';

/** mean_i rate_i − score_i: minus the evidence lower bound. Source: Kingma & Welling 2013, arXiv:1312.6114, eq. 3. */
export const negativeElbo = ({ rate, score }: Terms): Tensor => mean(sub(rate, score));
