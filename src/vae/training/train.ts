import { InputError, NonFiniteError } from '../../engine/errors/index.js';
import { createTrainer, parameterCount, type StepFeeds, type Trainer } from '../../engine/program/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { initialParameters, type MlpConfig } from '../architectures/index.js';
import type { Dataset } from '../data/index.js';
import { regimes, trainedParts } from '../regimes/index.js';
import { trainingBatches } from './batches.js';
import type { TrainConfig } from './config.js';
import { createEvaluator } from './evaluator.js';
import type { TrainHooks } from './hooks.js';
import { fedImages } from './images.js';
import { trainingRecord, type Weights } from './record.js';
import { evaluationSteps, type PlannedPhase, planPhases } from './schedule.js';
import { checkState, type TrainStart, type TrainState } from './state.js';
import { learners, mlpOf, phaseStep, shapesOf } from './step.js';
import { type TrainedModel, usable } from './trained.js';
import { VERSION } from './version.js';

/** Steps in one call of the runtime: long enough that copying the state costs little, short enough to stop soon. */
const CHUNK = 52;

/**
 * Trains one model by one regime. The result depends on configuration, data and the runtime's thread count alone: a
 * training that goes on from a `start` ends with the same bytes as one that was never left.
 *
 * A loss, a parameter or a value on the test set that is not finite ends the training: the result is then `failed`,
 * with the step and the tensor in `fault`, and holds the state of the last evaluation.
 *
 * Throws: InputError when the data have fewer images than a batch, or too few test images to measure the codes, and
 * when the state to start from is not one of this configuration; NonFiniteError when the untrained model already gives
 * values that are not finite.
 */
export const train = async (
  config: TrainConfig,
  data: Dataset,
  runtime: Runtime,
  hooks: TrainHooks = {},
  start?: TrainStart,
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
  if (start) checkState(start.state, model, steps);
  const evaluator = await createEvaluator(
    config,
    model,
    fedImages(data.test, config.binarisation, config.seed, 'test'),
    runtime,
    config.regime === 'random-z' ? 'prior' : 'encoder',
  );
  const weights = start ? { ...start.state.weights } : initialWeights(model, config.seed);
  const before = start && { ...start, measured: start.state.measured };
  const record = trainingRecord(evaluator, weights, stepsPerEpoch, hooks.onEvaluation, before);
  let taken = start?.state.step ?? 0;
  let moments: TrainState['moments'] = start?.state.moments ?? {};
  const state = (): TrainState => ({ step: taken, weights: { ...weights }, moments, measured: record.measured });
  const chunkTimes: number[] = [];
  const due = evaluationSteps(stepsPerEpoch, steps, phases);
  const trainPhase = async (planned: PlannedPhase): Promise<void> => {
    const resume = taken > planned.from ? { taken: taken - planned.from, moments } : undefined;
    const run = await startPhase(config, model, planned, weights, runtime, resume);
    const batches = trainingBatches(config, images, stepsPerEpoch, run.reads);
    try {
      while (taken < planned.to && !hooks.shouldStop?.()) {
        const next = due.find((step) => step > taken)!;
        const count = Math.min(hooks.stepsAtOnce?.() ?? CHUNK, next - taken, planned.to - taken);
        const before = now();
        const reports = await run.advance(count, batches(taken, count));
        chunkTimes.push((now() - before) / count);
        taken += count;
        moments = taken < planned.to ? run.moments() : {};
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
        await hooks.onState?.(state(), false);
      }
    } finally {
      await run.release();
    }
  };

  let fault: NonFiniteError | undefined;
  try {
    if (record.curve.length === 0) await record.evaluate(taken);
    for (const planned of phases) {
      if (taken < planned.from || hooks.shouldStop?.()) break;
      if (taken < planned.to) await trainPhase(planned);
    }
    await hooks.onState?.(state(), true);
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
  resume: Pick<Trainer, 'taken' | 'moments'> | undefined,
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
    ...(resume && { resume }),
  });
  return {
    reads: step.perStep,
    moments: () => trainer.moments,
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
