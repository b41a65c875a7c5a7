import { mean, neg, type Tensor } from '../../engine/graph/index.js';
import type { Terms } from './terms.js';

/** −mean_i score_i: what a decoder alone can lower. */
export const negativeScore = ({ score }: Pick<Terms, 'score'>): Tensor => neg(mean(score));
