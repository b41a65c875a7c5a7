import { add, div, mul, sqrt, square, sub, type Tensor } from '../graph/index.js';
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
 * Carried is V = v / (1 − α). Centred, the variance s = v − m² is carried in its place, since it follows
 *
 *   s ← α s + α (1 − α) (g − m)²;  m ← m + (1 − α) (g − m)
 *
 * exactly: three operations fewer over the whole vector, and no difference of nearly equal numbers that rounding could
 * turn negative. Carried is S = s / (α (1 − α)).
 *
 * Domain: 0 < alpha < 1 when centred.
 * Source: Tieleman & Hinton 2012, lecture 6.5; centred: Graves 2013, arXiv:1308.0850, eq. 38–45; the recurrence of the
 * variance: Finch 2009, "Incremental calculation of weighted mean and variance", section 9.
 */
export const rmsprop = (lr: number, { alpha, eps, centered }: RmspropOptions): Optimizer => {
  /** p − lr · g / (√(scale · second) + ε), the scale taken out of the root. */
  const descend = (p: Tensor, g: Tensor, second: Tensor, scale: number): Tensor => {
    const root = Math.sqrt(scale);
    return sub(p, mul(div(g, add(sqrt(second), eps / root)), lr / root));
  };
  if (!centered) {
    return {
      moments: ['squares'],
      scheduled: [],
      schedule: () => ({}),
      update: (p, g, [v]) => {
        const squares = add(mul(v!, alpha), square(g));
        return { parameter: descend(p, g, squares, 1 - alpha), moments: [squares] };
      },
    };
  }
  return {
    moments: ['variances', 'means'],
    scheduled: [],
    schedule: () => ({}),
    update: (p, g, [s, m]) => {
      const deviation = sub(g, m!);
      const variances = add(mul(s!, alpha), square(deviation));
      const means = add(m!, mul(deviation, 1 - alpha));
      return { parameter: descend(p, g, variances, alpha * (1 - alpha)), moments: [variances, means] };
    },
  };
};
