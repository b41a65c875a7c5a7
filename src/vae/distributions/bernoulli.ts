import { mul, sigmoid, softplus, sub, sum, type Tensor } from '../../engine/graph/index.js';
import { requireShape } from './shapes.js';

/** Independent pixels, one image a row, given by the log-odds of ink. */
export interface Bernoulli {
  /** [B, P] */
  readonly logits: Tensor;
  /** [B, P], probabilities. */
  mean(): Tensor;
  logProb(x: Tensor): Tensor;
}

/**
 * Bernoulli pixels.
 *
 *   logProb(x) = Σ_p x_p l_p − ln(1 + exp l_p)
 *
 * Shapes: logits, x [B, P] -> [B]; sums over pixels.
 * Units:  nats per image.
 * Domain: x in {0, 1}. For grey x in [0, 1] the value is minus the cross-entropy and no log-likelihood.
 * Throws: ShapeError when shapes differ.
 */
export const bernoulli = (logits: Tensor): Bernoulli => ({
  logits,
  mean: () => sigmoid(logits),
  logProb: (x) => {
    requireShape('bernoulli.logProb: x', x, logits);
    return sum(sub(mul(x, logits), softplus(logits)), 1);
  },
});
