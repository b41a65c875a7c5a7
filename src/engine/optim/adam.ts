import { add, div, mul, sqrt, square, sub } from '../graph/index.js';
import { type Optimizer, scheduledInput } from './optimizer.js';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  /** Decoupled weight decay: p ← p (1 − lr · weightDecay) before the step. Zero is Adam. */
  readonly weightDecay?: number;
}

/**
 *   m ← β₁ m + (1 − β₁) g;  v ← β₂ v + (1 − β₂) g²
 *   p ← p − lr · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
 *
 * Carried are M = m / (1 − β₁) and V = v / (1 − β₂). With c = √((1 − β₂) / (1 − β₂ᵗ)) the step is
 * [lr (1 − β₁) / (1 − β₁ᵗ) / c] · M / (√V + ε / c); the bracket and ε / c come in as scalars of step t.
 *
 * Source: Kingma & Ba 2014, arXiv:1412.6980, algorithm 1; weight decay: Loshchilov & Hutter 2017, arXiv:1711.05101.
 */
export const adam = (lr: number, { beta1, beta2, eps, weightDecay = 0 }: AdamOptions): Optimizer => ({
  moments: ['means', 'squares'],
  scheduled: ['adam.rate', 'adam.eps'],
  schedule: (t) => {
    const c = Math.sqrt((1 - beta2) / (1 - beta2 ** t));
    return { 'adam.rate': (lr * (1 - beta1)) / (1 - beta1 ** t) / c, 'adam.eps': eps / c };
  },
  update: (p, g, [m, v]) => {
    const means = add(mul(m!, beta1), g);
    const squares = add(mul(v!, beta2), square(g));
    const direction = div(means, add(sqrt(squares), scheduledInput('adam.eps')));
    const decayed = weightDecay === 0 ? p : mul(p, 1 - lr * weightDecay);
    return { parameter: sub(decayed, mul(direction, scheduledInput('adam.rate'))), moments: [means, squares] };
  },
});
