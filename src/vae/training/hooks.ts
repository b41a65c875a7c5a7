import type { OnEvaluation } from './record.js';
import type { TrainState } from './state.js';

export interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly phase: string;
  /** Of the last step, on its own batch; absent where the phase does not compute it. */
  readonly loss: number;
  readonly rate?: number;
  readonly score?: number;
  readonly msPerStep: number;
}

export interface TrainHooks {
  /** After every chunk of steps. */
  readonly onProgress?: (progress: Progress) => void;
  /**
   * After every evaluation on the test set, with the codes of its first images (none where z has nothing to do with x)
   * and the weights that were measured. The training waits; the arrays are not changed afterwards.
   */
  readonly onEvaluation?: OnEvaluation;
  /**
   * Between chunks, after what they told: the state to go on from. `last` once, when no step follows, and before
   * an evaluation that only an end out of time brings. The training waits; the arrays are not changed afterwards.
   */
  readonly onState?: (state: TrainState, last: boolean) => void | Promise<void>;
  /** Asked before each chunk: steps until the next word is wanted, at least 1. */
  readonly stepsAtOnce?: () => number;
  /** Asked between chunks; true ends the training with what there is. */
  readonly shouldStop?: () => boolean;
  /** Milliseconds of a steady clock; Date.now when not given. */
  readonly now?: () => number;
}
