import { join } from 'node:path';
import { InputError, NonFiniteError } from '../../engine/errors/index.js';
import type { Dataset } from '../../vae/data/dataset.js';
import type { Progress } from '../../vae/training/index.js';
import type { OpenedDataset } from '../data/index.js';
import type { CurvePoint, ImageGrid, RunResult } from '../studies/study.js';
import { type RunJob, type RunOutcome, resultSoFar } from './job.js';
import { RunTakenError } from './lock/lock.js';
import type { ControlMeasures } from './measureControls.js';
import type { Measures } from './measureModel.js';
import { RunWriter, type WriterEffects } from './runWriter.js';
import type { Model, Train } from './trainer.js';
import { StorageError, writeFile } from './writeFile.js';
import { writeProbes } from './writeProbes.js';

export interface RunEffects extends WriterEffects {
  readonly train: Train;
  readonly openData: (job: RunJob) => Promise<OpenedDataset>;
  /** Measures a model whose training is done. */
  readonly measureModel: (model: Model, data: Dataset, job: RunJob) => Promise<Measures>;
  /** Measures what z of three sources is worth to a model whose training is done; writes a grid of the fitted one. */
  readonly measureControls: (model: Model, data: Dataset, job: RunJob) => Promise<ControlMeasures>;
  /** Writes the image grids under `folder`; their paths are relative to it. */
  readonly drawSamples: (model: Model, data: Dataset, job: RunJob) => Promise<readonly ImageGrid[]>;
  /** The codes of the test set as a Parquet file. */
  readonly encodeCodes: (model: Model, data: Dataset, job: RunJob) => Promise<Uint8Array>;
}

export interface RunListener {
  onProgress(progress: Progress): void;
  /** Of a run that is gone on with, first those of before. */
  onEvaluation(point: CurvePoint): void;
  /** A line for people. */
  onNote(text: string): void;
  /** There is a new checkpoint in the folder. */
  onCheckpoint?(): void;
  /** Why the run is to stop after the present chunk of steps; undefined while it is to go on. */
  stopReason(): string | undefined;
}

/**
 * Trains one model and fills its run folder. Never throws: whatever goes wrong is the outcome's `error`, and what was
 * reached before is in the outcome and, as far as the disk allows, in the folder.
 */
export const runJob = async (job: RunJob, effects: RunEffects, listener: RunListener): Promise<RunOutcome> => {
  const { files, now } = effects;
  const start = now();
  const curve: CurvePoint[] = [];
  let progress: Pick<Progress, 'step' | 'msPerStep'> | undefined;
  let trained: Partial<RunResult> = {};
  let writer: RunWriter | undefined;
  const result = (state: RunResult['state'], error?: string): RunResult => ({
    ...resultSoFar(job, { curve, progress, seconds: writer?.seconds ?? (now() - start) / 1000 }),
    ...trained,
    state,
    ...(error !== undefined && { error }),
  });
  const evaluated = (point: CurvePoint): void => {
    curve.push(point);
    listener.onEvaluation(point);
  };

  try {
    writer = await RunWriter.open(job, effects);
    const data = await effects.openData(job);
    const from = await writer.begin(data, listener.onNote);
    for (const point of from?.curve ?? []) evaluated(point);
    if (from) progress = { step: from.state.step, msPerStep: 0 };
    const stopping = (): boolean => listener.stopReason() !== undefined;
    const kept = writer.hooks(stopping, () => listener.onCheckpoint?.());
    const hooks: Parameters<Train>[2] = {
      onProgress: (value) => {
        progress = value;
        kept.onProgress(value);
        listener.onProgress(value);
      },
      onEvaluation: async (point, ...measured) => {
        await kept.onEvaluation(point, ...measured);
        evaluated(point);
      },
      onState: kept.onState,
      shouldStop: stopping,
    };
    const model = await effects.train(job.config, data, hooks, from);
    trained = trainedValues(model);
    const save = (file: string, content: Uint8Array): Promise<void> =>
      writeFile(files, join(job.folder, file), content);
    await save('models/encoder.onnx', model.encoderOnnx());
    await save('models/decoder.onnx', model.decoderOnnx());
    const probes = await writeProbes(files, job.folder, model.probes);
    const grids = await effects.drawSamples(model, data, job);
    trained = { ...trained, ...(probes && { probes }), images: grids };
    if (model.state === 'done') {
      await save('codes/test.parquet', await effects.encodeCodes(model, data, job));
      trained = { ...trained, ...(await effects.measureModel(model, data, job)) };
      const { images, ...controls } = await effects.measureControls(model, data, job);
      trained = { ...trained, ...controls, images: [...grids, ...images] };
    }
    const ended = result(model.state, endReason(model, listener));
    await writer.end(ended);
    return { result: ended, momentBatch: model.momentBatch, ...(model.fault && { nonFinite: true }) };
  } catch (error) {
    const failed = result('failed', error instanceof Error ? error.message : String(error));
    // The disk may be what failed, or the run another's by now: the outcome then still reaches the parent.
    await writer?.end(failed).catch(() => undefined);
    const stack = error instanceof Error ? error.stack : undefined;
    const hopeless = hopelessBy(error);
    const nonFinite = error instanceof NonFiniteError && { nonFinite: true as const };
    return { result: failed, ...(hopeless && { hopeless }), ...nonFinite, ...(stack !== undefined && { stack }) };
  } finally {
    await writer?.close();
  }
};

const hopelessBy = (error: unknown): RunOutcome['hopeless'] => {
  if (error instanceof StorageError) return 'disk';
  return error instanceof InputError || error instanceof RunTakenError ? 'input' : undefined;
};

const endReason = (model: Model, listener: RunListener): string | undefined => {
  if (model.state === 'interrupted') return `stopped by ${listener.stopReason()} at step ${model.steps}`;
  return model.fault?.message;
};

const trainedValues = (model: Model): Partial<RunResult> => ({
  trained: model.trained,
  steps: model.steps,
  msPerStep: model.msPerStep,
  final: model.final,
  curve: model.curve,
  parameters: Object.values(model.parameters).reduce((sum, values) => sum + values.length, 0),
});
