import { input, type Shape, type Tensor } from '../graph/index.js';

/** The parameter vector and moments after one step, as graph nodes. */
export interface Update {
  readonly parameter: Tensor;
  /** The moments after the step, in the order of `Optimizer.moments`. */
  readonly moments: readonly Tensor[];
}

/**
 * An update rule as a graph builder over one flat parameter vector.
 *
 * Moments are kept scaled by a constant where that saves an operation over the whole vector; they start at zero
 * either way. Numbers that change from step to step enter as scalar inputs, computed in float64 by `schedule`.
 */
export interface Optimizer {
  /** Names of the running averages it carries. */
  readonly moments: readonly string[];
  /** Names of its per-step scalar inputs. */
  readonly scheduled: readonly string[];
  /** Values of the per-step scalars at step t, counted from 1. */
  readonly schedule: (t: number) => Readonly<Record<string, number>>;
  readonly update: (parameter: Tensor, gradient: Tensor, moments: readonly Tensor[]) => Update;
}

/** The input that carries a scheduled scalar. */
export const scheduledInput = (name: string): Tensor => input(name, [] satisfies Shape);
