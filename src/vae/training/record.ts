import { NonFiniteError } from '../../engine/errors/index.js';
import type { Part } from '../regimes/index.js';
import type { CurvePoint, Estimate, FinalValues, Probes } from './curve.js';
import type { Evaluation, Evaluator } from './evaluator.js';

export type Weights = Record<Part, Float32Array>;

export type OnEvaluation = (
  point: CurvePoint,
  probes: Evaluation['probes'],
  weights: Readonly<Weights>,
) => void | Promise<void>;

/** Weights and the step after which they were measured. */
export interface Measured {
  readonly step: number;
  readonly weights: Readonly<Weights>;
}

/** What another training had measured when it was left. */
export interface MeasuredBefore {
  readonly curve: readonly CurvePoint[];
  readonly probes: Probes['points'];
  readonly measured: Measured;
}

/** What a training has measured so far, and the last state that was measured. */
export interface TrainingRecord {
  readonly curve: readonly CurvePoint[];
  readonly probes: Probes;
  /** What `restore` goes back to. */
  readonly measured: Measured;
  /** Measures the weights after so many steps, unless that was the last thing it did. Throws: NonFiniteError. */
  evaluate(step: number): Promise<void>;
  /** Puts the weights back to those of the last evaluation. Returns its step. */
  restore(): number;
}

/** `weights` are read at every evaluation: whoever trains replaces its arrays. */
export const trainingRecord = (
  evaluator: Evaluator,
  weights: Weights,
  stepsPerEpoch: number,
  onEvaluation: OnEvaluation | undefined,
  before?: MeasuredBefore,
): TrainingRecord => {
  const curve: CurvePoint[] = [...(before?.curve ?? [])];
  const probed: Probes['points'][number][] = [...(before?.probes ?? [])];
  let kept: Measured = before?.measured ?? { step: 0, weights: { ...weights } };
  return {
    curve,
    get measured() {
      return kept;
    },
    probes: { images: evaluator.probes, points: probed },
    evaluate: async (step) => {
      if (curve.at(-1)?.step === step) return;
      const { values, probes } = await evaluator.evaluate(weights.encoder, weights.decoder);
      requireFinite(values, step);
      const when = { step, epoch: step / stepsPerEpoch };
      const point = { ...when, ...values };
      curve.push(point);
      if (evaluator.probes > 0) probed.push({ ...when, ...probes });
      kept = { step, weights: { ...weights } };
      await onEvaluation?.(point, probes, kept.weights);
    },
    restore: () => {
      Object.assign(weights, kept.weights);
      return kept.step;
    },
  };
};

const requireFinite = (values: FinalValues, step: number): void => {
  for (const [name, { value, se }] of Object.entries(values) as [string, Estimate][]) {
    if (Number.isFinite(value) && Number.isFinite(se)) continue;
    const tensor = `${name} of the test set`;
    throw new NonFiniteError(`train: expected finite values, got ${value} in ${tensor} at step ${step}`, step, tensor);
  }
};
