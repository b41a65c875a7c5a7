/** The one who writes a run folder: takes it, begins or goes on, keeps what is measured and learned, and ends it. */
import { join } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { Dataset } from '../../vae/data/index.js';
import { regimes, trainedParts } from '../../vae/regimes/index.js';
import type { TrainHooks, TrainStart, TrainState } from '../../vae/training/index.js';
import type { OpenedDataset } from '../data/index.js';
import type { FinalValues, RunResult } from '../studies/study.js';
import { dropAfter } from './checkpoints/dropCheckpoints.js';
import { restore } from './checkpoints/restore.js';
import { saveCheckpoint } from './checkpoints/saveCheckpoint.js';
import { type FileSystem, readIfThere } from './fileSystem.js';
import { CHECKPOINT_SECONDS, type RunJob } from './job.js';
import { type Lock, takeRun } from './lock/lock.js';
import { HEARTBEAT, type Processes } from './lock/writers.js';
import { type MetricLog, openMetricLog } from './metrics/metricLog.js';
import { toBase64 } from './metrics/metrics.js';
import type { Origin } from './origin.js';
import { configDigest, type RunHead, writeConfig, writeDataRecord, writeResult, writeRunRecord } from './runFolder.js';
import { type FrameView, openTrainingSamples, type TrainingSamples } from './trainingSamples.js';

export interface WriterEffects {
  readonly files: FileSystem;
  readonly now: () => number;
  readonly processes: Processes;
  readonly describeOrigin: () => Promise<Origin>;
  /** Draws what the decoder of a job makes of one noise as it learns. */
  readonly viewFrames: (data: Dataset, job: RunJob) => Promise<FrameView>;
  /** Does something again and again, until told to stop. */
  readonly repeat: (work: () => void, milliseconds: number) => () => void;
}

type Hooks = Required<Pick<TrainHooks, 'onProgress' | 'onEvaluation' | 'onState'>>;

/** By which the best checkpoint is kept. */
const qualityOf = ({ config }: RunJob, { rate, elbo }: FinalValues): number =>
  config.regime === 'encoder-only' ? -rate.value : elbo.value;

export class RunWriter {
  private readonly startedAt: number;
  private secondsBefore = 0;
  private saved: { step: number; at: number };
  private quality = Number.NEGATIVE_INFINITY;
  private log: MetricLog | undefined;
  /** Absent where the decoder does not learn: all would be the same. */
  private samples: TrainingSamples | undefined;
  private head: RunHead;

  private constructor(
    private readonly job: RunJob,
    private readonly effects: WriterEffects,
    private readonly lock: Lock,
    private readonly stopBeating: () => void,
    origin: Origin,
    started: string,
  ) {
    this.startedAt = effects.now();
    this.saved = { step: -1, at: this.startedAt };
    this.head = { started, origin, config: job.config };
  }

  /**
   * Takes the folder of a job and writes the configuration and a `run.json` that says that the run is under way.
   *
   * Throws: RunTakenError when somebody else has it; InputError when it holds a run that is not to be gone on with;
   * StorageError.
   */
  static async open(job: RunJob, effects: WriterEffects): Promise<RunWriter> {
    const { files, now } = effects;
    const lock = await takeRun(job.folder, effects);
    const stopBeating = effects.repeat(() => void lock.beat(), HEARTBEAT);
    try {
      const before = await readIfThere(files, join(job.folder, 'run.json'));
      if (before && !job.resume) throw new InputError(`${job.folder}: expected a new folder, got one that holds a run`);
      const started = before ? startOf(before) : new Date(now()).toISOString();
      const writer = new RunWriter(job, effects, lock, stopBeating, await effects.describeOrigin(), started);
      if (!before) await writeConfig(files, job);
      await writer.writeState(0);
      return writer;
    } catch (error) {
      stopBeating();
      await lock.release();
      throw error;
    }
  }

  /**
   * Notes the data and opens the metrics; where the job goes on with a run, gives the state to go on from.
   *
   * Throws: InputError when the run was begun with other data; StorageError.
   */
  async begin(data: OpenedDataset, note: (text: string) => void): Promise<TrainStart | undefined> {
    const { job, effects } = this;
    const { files } = effects;
    this.head = { ...this.head, data: data.sha256 };
    await this.checkData(data);
    await writeDataRecord(files, job, data);
    const identity = { config: configDigest(job.config), data: data.sha256 };
    const { restored, notes } = job.resume ? await restore(files, job.folder, identity) : { notes: [] };
    for (const text of notes) note(text);
    const { start, manifest } = restored ?? {};
    await dropAfter(files, job.folder, start?.state.step ?? -1);
    this.log = await openMetricLog(files, join(job.folder, 'metrics.bin'), manifest?.metrics ?? 0);
    if (trainedParts(regimes[job.config.regime]).includes('decoder')) {
      const measured = (start?.curve ?? []).map(({ step }) => step);
      this.samples = await openTrainingSamples(files, job.folder, measured, await effects.viewFrames(data, job));
    }
    if (start && manifest) {
      this.secondsBefore = manifest.seconds;
      this.quality = manifest.quality;
      this.saved = { step: start.state.step, at: effects.now() };
      note(`goes on from step ${start.state.step}`);
    }
    return start;
  }

  /** Wall-clock seconds of the whole run, those before it was gone on with included. */
  get seconds(): number {
    return this.secondsBefore + (this.effects.now() - this.startedAt) / 1000;
  }

  /** What keeps a training; `stopping` says that it is about to be left, `saved` is told of each checkpoint. */
  hooks(stopping: () => boolean, saved: () => void): Hooks {
    return {
      onProgress: ({ steps: _steps, msPerStep: _ms, ...point }) => this.log!.append({ type: 'progress', ...point }),
      onEvaluation: async (point, { mu, sigma }, { decoder }) => {
        const { step, epoch } = point;
        this.quality = qualityOf(this.job, point);
        this.log!.append({ type: 'evaluation', ...point });
        if (mu.length > 0) this.log!.append({ type: 'probes', step, epoch, mu: toBase64(mu), sigma: toBase64(sigma) });
        await this.samples?.draw(step, decoder);
      },
      onState: async (state, last) => {
        await this.log!.flush();
        const every = 1000 * (this.job.checkpointSeconds ?? CHECKPOINT_SECONDS);
        const due = last || stopping() || this.effects.now() - this.saved.at >= every;
        if (!due || state.step === this.saved.step) return;
        await this.save(state);
        saved();
      },
    };
  }

  /** Ends the run with its result. Throws: RunTakenError when it is another's by now; StorageError. */
  async end(result: RunResult): Promise<void> {
    await this.lock.check();
    await this.log?.sync();
    const { files, now } = this.effects;
    await writeResult(files, this.job.folder, this.head, result, now());
  }

  async close(): Promise<void> {
    this.stopBeating();
    await this.log?.close().catch(() => undefined);
    await this.samples?.release();
    await this.lock.release();
  }

  private async save(state: TrainState): Promise<void> {
    const { files, now } = this.effects;
    const { folder, config } = this.job;
    await this.lock.check();
    const metrics = await this.log!.sync();
    const { seconds, quality } = this;
    const identity = { config: configDigest(config), data: this.head.data! };
    await saveCheckpoint(files, folder, state, { metrics, seconds, quality, ...identity });
    await this.writeState(state.step);
    this.saved = { step: state.step, at: now() };
  }

  private writeState(steps: number): Promise<void> {
    const { files, now } = this.effects;
    const { name, folder } = this.job;
    return writeRunRecord(files, folder, this.head, { state: 'running', name, steps, seconds: this.seconds }, now());
  }

  private async checkData({ sha256 }: OpenedDataset): Promise<void> {
    const content = await readIfThere(this.effects.files, join(this.job.folder, 'data.json'));
    if (content === undefined) return;
    const { sha256: before } = JSON.parse(Buffer.from(content).toString('utf8')) as { sha256: string };
    if (before === sha256) return;
    const { folder, config } = this.job;
    throw new InputError(`${folder}: expected ${config.data} with the SHA-256 ${before} it began with, got ${sha256}`);
  }
}

/** When a run began that is gone on with. */
const startOf = (record: Uint8Array): string => {
  const { started } = JSON.parse(Buffer.from(record).toString('utf8')) as { started: string };
  return started;
};
