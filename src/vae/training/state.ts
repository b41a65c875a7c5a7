import { InputError } from '../../engine/errors/index.js';
import { parameterCount } from '../../engine/program/index.js';
import type { MlpConfig } from '../architectures/index.js';
import type { Measured, MeasuredBefore, Weights } from './record.js';
import { shapesOf } from './step.js';

/**
 * All that a training carries from one step to the next, as plain values. Order, noise, binarisation and schedules
 * follow from the seed and the number of the step.
 */
export interface TrainState {
  /** Optimizer steps taken; it tells the phase as well. */
  readonly step: number;
  readonly weights: Readonly<Weights>;
  /** Moments of the phase under way, over what learns in it; none where a phase is yet to begin, or all have ended. */
  readonly moments: Readonly<Record<string, Float32Array>>;
  /** What a training that diverges goes back to. */
  readonly measured: Measured;
}

/** Where another training with the same configuration was left, and what it had measured until then. */
export interface TrainStart extends Omit<MeasuredBefore, 'measured'> {
  readonly state: TrainState;
}

/** Throws: InputError when a state is not one of this model, or not of a training of so many steps. */
export const checkState = ({ step, weights, measured }: TrainState, model: MlpConfig, steps: number): void => {
  if (step > steps) throw new InputError(`resume: expected a state of at most ${steps} steps, got one after ${step}`);
  const shapes = shapesOf(model);
  for (const part of ['encoder', 'decoder'] as const) {
    const expected = parameterCount(shapes[part]);
    for (const got of [weights[part].length, measured.weights[part].length]) {
      if (got !== expected) throw new InputError(`resume: expected ${expected} values of the ${part}, got ${got}`);
    }
  }
};
