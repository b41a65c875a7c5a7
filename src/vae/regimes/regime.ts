import type { Tensor } from '../../engine/graph/index.js';
import type { Terms } from '../objectives/index.js';
import type { RegimeName } from '../training/config.js';

export type Part = 'encoder' | 'decoder';

/**
 * Where the decoder's z comes from: a draw of q(z | x); the same draw with no gradient back to the encoder; or
 * N(0, I), whatever x.
 */
export type LatentSource = 'posterior' | 'detached' | 'prior';

/** One loss and who learns from it. */
export interface Lesson {
  readonly learns: readonly Part[];
  readonly z: LatentSource;
  /** A scalar, from terms that are computed only where it reads them. */
  readonly loss: (terms: Terms) => Tensor;
}

/** A stretch of the training in which the same parts learn from the same losses, at the same time. */
export interface Phase {
  readonly name: string;
  /** Part of all steps, 0 … 1; the shares of a regime sum to 1. */
  readonly share: number;
  readonly lessons: readonly Lesson[];
}

/** Who learns from what, and when. */
export interface Regime {
  readonly name: RegimeName;
  readonly phases: readonly Phase[];
}

/** The parts that a regime trains; the others keep their initial weights. */
export const trainedParts = (regime: Regime): Part[] =>
  (['encoder', 'decoder'] as const).filter((part) =>
    regime.phases.some((phase) => phase.lessons.some((lesson) => lesson.learns.includes(part))),
  );
