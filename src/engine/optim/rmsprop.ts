import { add, div, maximum, mul, sqrt, square, sub } from '../graph/index.js';
import type { Optimizer } from './optimizer.js';

export interface RmspropOptions {
  readonly alpha: number;
  readonly eps: number;
  readonly centered: boolean;
}

/**
 *   v ← α v + (1 − α) g²;  m ← α m + (1 − α) g  (centred only)
 *   p ← p − lr · g / (√(v − m²) + ε)            (√v + ε when not centred)
 *
 * Carried are V = v / (1 − α) and M = m / (1 − α), so v − m² = (1 − α)(V − (1 − α) M²). The difference is a variance
 * and never negative but for rounding, which `maximum` takes away.
 *
 * Source: Tieleman & Hinton 2012, lecture 6.5; centred: Graves 2013, arXiv:1308.0850, eq. 38–45.
 */
export const rmsprop = (lr: number, { alpha, eps, centered }: RmspropOptions): Optimizer => {
  const root = Math.sqrt(1 - alpha);
  return {
    moments: centered ? ['squares', 'means'] : ['squares'],
    scheduled: [],
    schedule: () => ({}),
    update: (p, g, [v, m]) => {
      const squares = add(mul(v!, alpha), square(g));
      const means = centered ? add(mul(m!, alpha), g) : undefined;
      const variance = means ? maximum(sub(squares, mul(square(means), 1 - alpha)), 0) : squares;
      const parameter = sub(p, mul(div(g, add(sqrt(variance), eps / root)), lr / root));
      return { parameter, moments: means ? [squares, means] : [squares] };
    },
  };
};
