import { InputError, NonFiniteError } from '../../engine/errors/index.js';
import { createTrainer, parameterCount, type StepFeeds } from '../../engine/program/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { initialParameters, type MlpConfig } from '../architectures/index.js';
import type { Dataset } from '../data/index.js';
import { regimes, trainedParts } from '../regimes/index.js';
import { trainingBatches } from './batches.js';
import type { TrainConfig } from './config.js';
import type { CurvePoint } from './curve.js';
import { createEvaluator } from './evaluator.js';
import { fedImages } from './images.js';
import { trainingRecord, type Weights } from './record.js';
import { evaluationSteps, type PlannedPhase, planPhases } from './schedule.js';
import { learners, mlpOf, phaseStep, shapesOf } from './step.js';
import { type TrainedModel, usable } from './trained.js';
import { VERSION } from './version.js';

/** Steps in one call of the runtime: long enough that copying the state costs little, short enough to stop soon. */
const CHUNK = 52;

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
  /** After every evaluation on the test set. */
  readonly onEvaluation?: (point: CurvePoint) => void;
  /** Asked between chunks; true ends the training with what there is. */
  readonly shouldStop?: () => boolean;
  /** Milliseconds of a steady clock; Date.now when not given. */
  readonly now?: () => number;
}

/**
 * Trains one model by one regime. The result depends on configuration, data and the runtime's thread count alone.
 *
 * A loss, a parameter or a value on the test set that is not finite ends the training: the result is then `failed`,
 * with the step and the tensor in `fault`, and holds the state of the last evaluation.
 *
 * Throws: InputError when the data have fewer images than a batch, or too few test images to measure the codes;
 * NonFiniteError when the untrained model already gives values that are not finite.
 */
export const train = async (
  config: TrainConfig,
  data: Dataset,
  runtime: Runtime,
  hooks: TrainHooks = {},
): Promise<TrainedModel> => {
  const now = hooks.now ?? Date.now;
  const started = now();
  const regime = regimes[config.regime];
  const model = mlpOf(config, data.train.height * data.train.width);
  const images = fedImages(data.train, config.binarisation, config.seed, 'train');
  const stepsPerEpoch = Math.floor(images.count / config.batch);
  if (stepsPerEpoch === 0) {
    throw new InputError(`train: expected at least one batch of ${config.batch} images, got ${images.count} images`);
  }
  const steps = Math.round(config.epochs * stepsPerEpoch);
  const phases = planPhases(regime, steps);
  const evaluator = await createEvaluator(
    config,
    model,
    fedImages(data.test, config.binarisation, config.seed, 'test'),
    runtime,
    config.regime === 'random-z' ? 'prior' : 'encoder',
  );
  const weights = initialWeights(model, config.seed);
  const record = trainingRecord(evaluator, weights, stepsPerEpoch, hooks.onEvaluation);
  let taken = 0;
  const chunkTimes: number[] = [];
  const due = evaluationSteps(stepsPerEpoch, steps, phases);
  const trainPhase = async (planned: PlannedPhase): Promise<void> => {
    const run = await startPhase(config, model, planned, weights, runtime);
    const batches = trainingBatches(config, images, stepsPerEpoch, run.reads);
    try {
      while (taken < planned.to && !hooks.shouldStop?.()) {
        const next = due.find((step) => step > taken)!;
        const count = Math.min(CHUNK, next - taken, planned.to - taken);
        const before = now();
        const reports = await run.advance(count, batches(taken, count));
        chunkTimes.push((now() - before) / count);
        taken += count;
        hooks.onProgress?.({
          step: taken,
          steps,
          epoch: taken / stepsPerEpoch,
          phase: planned.phase.name,
          msPerStep: chunkTimes.at(-1)!,
          loss: reports.loss!,
          ...(reports.rate === undefined ? {} : { rate: reports.rate }),
          ...(reports.score === undefined ? {} : { score: reports.score }),
        });
        if (due.includes(taken)) await record.evaluate(taken);
      }
    } finally {
      await run.release();
    }
  };

  let fault: NonFiniteError | undefined;
  try {
    await record.evaluate(taken);
    for (const planned of phases) {
      if (taken < planned.from || hooks.shouldStop?.()) break;
      await trainPhase(planned);
    }
    await record.evaluate(taken);
  } catch (error) {
    if (!(error instanceof NonFiniteError) || record.curve.length === 0) throw error;
    fault = error;
    taken = record.restore();
  } finally {
    await evaluator.release();
  }
  const { step: _step, epoch: _epoch, ...final } = record.curve.at(-1)!;
  return {
    config,
    model,
    state: fault ? 'failed' : taken < steps ? 'interrupted' : 'done',
    ...(fault ? { fault } : {}),
    trained: trainedParts(regime),
    steps: taken,
    curve: record.curve,
    final,
    probes: record.probes,
    seconds: (now() - started) / 1000,
    msPerStep: median(chunkTimes),
    momentBatch: evaluator.batch,
    ...usable(config, model, weights, runtime),
  };
};

const initialWeights = (model: MlpConfig, seed: number): Weights => {
  const shapes = shapesOf(model);
  return { encoder: initialParameters(shapes.encoder, seed), decoder: initialParameters(shapes.decoder, seed) };
};

/** A trainer for one phase that keeps `weights` up to date after every chunk. */
const startPhase = async (
  config: TrainConfig,
  model: MlpConfig,
  { phase, from }: PlannedPhase,
  weights: Weights,
  runtime: Runtime,
) => {
  const shapes = shapesOf(model);
  const learning = learners(phase);
  const { step, optimizer } = phaseStep(config, model, phase);
  const trainer = await createTrainer({
    step,
    optimizer,
    runtime,
    info: { version: VERSION },
    learned: joined(learning.map((part) => weights[part])),
    frozen: weights.encoder,
    firstStep: from,
  });
  return {
    reads: step.perStep,
    advance: async (count: number, feeds: StepFeeds): Promise<Readonly<Record<string, number>>> => {
      const reports = await trainer.run(count, feeds);
      let end = 0;
      for (const part of learning) {
        const start = end;
        end += parameterCount(shapes[part]);
        weights[part] = trainer.parameters.subarray(start, end);
      }
      return reports;
    },
    release: () => trainer.release(),
  };
};

const joined = (arrays: readonly Float32Array[]): Float32Array => {
  const out = new Float32Array(arrays.reduce((n, a) => n + a.length, 0));
  let end = 0;
  for (const a of arrays) {
    out.set(a, end);
    end += a.length;
  }
  return out;
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
