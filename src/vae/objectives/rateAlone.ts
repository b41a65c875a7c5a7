import { mean, type Tensor } from '../../engine/graph/index.js';
import type { Terms } from './terms.js';

/** mean_i rate_i. Its optimum is q(z | x) = N(0, I) for every x: codes that carry nothing. */
export const rateAlone = ({ rate }: Pick<Terms, 'rate'>): Tensor => mean(rate);
