import { join } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { Dataset } from '../../vae/data/dataset.js';
import type { Progress } from '../../vae/training/index.js';
import type { CurvePoint, ImageGrid, RunResult } from '../studies/study.js';
import type { FileSystem } from './fileSystem.js';
import { type RunJob, type RunOutcome, resultSoFar } from './job.js';
import type { ControlMeasures } from './measureControls.js';
import type { Measures } from './measureModel.js';
import { beginRunFolder, endRunFolder } from './runFolder.js';
import type { Model, Train } from './trainer.js';
import { StorageError, writeFile } from './writeFile.js';
import { writeProbes } from './writeProbes.js';

export interface RunEffects {
  readonly files: FileSystem;
  readonly now: () => number;
  readonly train: Train;
  readonly openData: (job: RunJob) => Promise<Dataset>;
  /** Measures a model whose training is done. */
  readonly measureModel: (model: Model, data: Dataset, job: RunJob) => Promise<Measures>;
  /** Measures what z of three sources is worth to a model whose training is done; writes a grid of the fitted one. */
  readonly measureControls: (model: Model, data: Dataset, job: RunJob) => Promise<ControlMeasures>;
  /** Writes the image grids under `folder`; their paths are relative to it. */
  readonly drawSamples: (model: Model, data: Dataset, job: RunJob) => Promise<readonly ImageGrid[]>;
}

export interface RunListener {
  onProgress(progress: Progress): void;
  onEvaluation(point: CurvePoint): void;
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
  const started = new Date(start).toISOString();
  const curve: CurvePoint[] = [];
  let progress: Progress | undefined;
  let trained: Partial<RunResult> = {};
  const result = (state: RunResult['state'], error?: string): RunResult => ({
    ...resultSoFar(job, { curve, progress, seconds: (now() - start) / 1000 }),
    ...trained,
    state,
    ...(error !== undefined && { error }),
  });

  try {
    await beginRunFolder(files, job, started);
    const data = await effects.openData(job);
    const model = await effects.train(job.config, data, {
      onProgress: (value) => {
        progress = value;
        listener.onProgress(value);
      },
      onEvaluation: (point) => {
        curve.push(point);
        listener.onEvaluation(point);
      },
      shouldStop: () => listener.stopReason() !== undefined,
    });
    trained = trainedValues(model);
    await writeFile(files, join(job.folder, 'models/encoder.onnx'), model.encoderOnnx());
    await writeFile(files, join(job.folder, 'models/decoder.onnx'), model.decoderOnnx());
    const probes = await writeProbes(files, job.folder, model.probes);
    const grids = await effects.drawSamples(model, data, job);
    trained = { ...trained, ...(probes && { probes }), images: grids };
    if (model.state === 'done') {
      trained = { ...trained, ...(await effects.measureModel(model, data, job)) };
      const { images, ...controls } = await effects.measureControls(model, data, job);
      trained = { ...trained, ...controls, images: [...grids, ...images] };
    }
    const ended = result(model.state, endReason(model, listener));
    await endRunFolder(files, job.folder, ended, started);
    return { result: ended, momentBatch: model.momentBatch };
  } catch (error) {
    const failed = result('failed', error instanceof Error ? error.message : String(error));
    // The disk may be what failed: the outcome then still reaches the parent.
    await endRunFolder(files, job.folder, failed, started).catch(() => undefined);
    const hopeless = error instanceof StorageError ? 'disk' : error instanceof InputError ? 'input' : undefined;
    const stack = error instanceof Error ? error.stack : undefined;
    return { result: failed, ...(hopeless && { hopeless }), ...(stack !== undefined && { stack }) };
  }
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
