import type { Tensor } from '../../../src/engine/graph/index.js';
import type { Feed } from '../../support/feeds.js';

/** One use of one operation. */
export interface OpCase {
  readonly name: string;
  readonly feeds: readonly Feed[];
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** The values it must give, by a formula or by hand, independent of the interpreter. */
  readonly value?: (...inputs: (readonly number[])[]) => readonly number[];
}
