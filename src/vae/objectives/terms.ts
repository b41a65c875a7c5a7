import type { Tensor } from '../../engine/graph/index.js';

/** What a loss is made of: one value an image, in nats. */
export interface Terms {
  /** KL(q ‖ N(0, I)), [B]. */
  readonly rate: Tensor;
  /** ln p(x | z), [B]. */
  readonly score: Tensor;
}
