import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../../engine/errors/index.js';
import { type RunConfig, runSchema } from '../../config/index.js';
import { packCheckpoint, unpackCheckpoint } from '../../runs/checkpoints/carryCheckpoint.js';
import { restore } from '../../runs/checkpoints/restore.js';
import type { SpawnRun } from '../../runs/child.js';
import type { FileSystem } from '../../runs/fileSystem.js';
import { CHECKPOINT_SECONDS } from '../../runs/job.js';
import { type ProgressPoint, readMetrics } from '../../runs/metrics/metrics.js';
import { configDigest } from '../../runs/runFolder.js';
import { superviseRun } from '../../runs/superviseRun.js';
import { writeFile } from '../../runs/writeFile.js';
import type { StopRule } from '../plan/sweepFile.js';
import { filesIn } from './artefacts.js';
import type { IdentifyData } from './dataIdentity.js';
import { divergenceOf } from './divergence.js';
import type { JobContext, JobEnd, JobKind, JobSpec } from './job.js';
import { type CodeVersion, checkCode, parseSpec } from './spec.js';

/** What decides a training run: configuration, data, code, and when it is given up. */
export interface TrainSpec extends JobSpec {
  readonly kind: 'train';
  readonly config: RunConfig;
  /** SHA-256 of the pixels, train then test. */
  readonly data: string;
  readonly code: CodeVersion;
  readonly stop?: StopRule;
}

export interface TrainEffects {
  readonly files: FileSystem;
  readonly now: () => number;
  readonly spawn: SpawnRun;
  readonly code: CodeVersion;
  /** The name or path by which this machine opens the data of a configuration. Throws InputError where it may not. */
  readonly placeOf: (data: string) => Promise<string>;
  readonly identify: IdentifyData;
  readonly dataDir?: string;
  readonly cacheDir?: string;
  /** Least seconds from one checkpoint to the next; CHECKPOINT_SECONDS when absent. */
  readonly checkpointSeconds?: number;
}

const specSchema = z.strictObject({
  kind: z.literal('train'),
  config: runSchema.extend({ threads: z.number().int().min(1).max(1024) }),
  data: z.string().regex(/^[0-9a-f]{2,64}$/),
  code: z.record(z.string(), z.string()),
  stop: z.exactOptional(z.strictObject({ after: z.number(), above: z.number() })),
});

/** Run folders tell the time, the machine and the place of the data in these. */
const TELLS = ['run.json', 'config.yaml', 'data.json'];
/** What a run needs while it goes on, and nobody afterwards. */
const passing = (path: string): boolean => path.endsWith('.part') || /^(checkpoints|lock)\//.test(path);

/** Trains one model in a child process. What the run leaves in its folder are the artefacts. */
export const trainKind = (effects: TrainEffects): JobKind => ({
  work: async (given, context) => {
    const spec = parseSpec(specSchema, given) as TrainSpec;
    checkCode(spec.code, effects.code);
    const config = { ...spec.config, data: await effects.placeOf(spec.config.data) };
    const { sha256 } = await effects.identify(config);
    if (sha256 !== spec.data) {
      throw new InputError(`${spec.config.data}: expected data with the hash ${spec.data}, got ${sha256}`);
    }
    return train(config, spec, context, effects);
  },
});

/** Lays the checkpoint of an earlier attempt into the folder. Returns what was reported until then. */
const goOn = async (
  config: RunConfig,
  data: string,
  { folder, checkpoint }: JobContext,
  files: FileSystem,
): Promise<readonly ProgressPoint[]> => {
  const packed = await checkpoint.read();
  if (!packed || !(await unpackCheckpoint(files, folder, packed))) return [];
  const { restored } = await restore(files, folder, { config: configDigest(config), data });
  if (!restored) return [];
  const metrics = await files.readFile(join(folder, 'metrics.bin'));
  return readMetrics(metrics.subarray(0, restored.manifest.metrics)).progress;
};

/** Keeps checkpoints for an attempt to come: those of a run that has taken an interval, or is about to be left. */
const keeper = (
  { folder, checkpoint, signal }: JobContext,
  { files, now, checkpointSeconds = CHECKPOINT_SECONDS }: TrainEffects,
) => {
  const startedAt = now();
  let kept = Promise.resolve();
  const keep = async (): Promise<void> => {
    const packed = await packCheckpoint(files, folder);
    if (packed) await checkpoint.write(packed);
  };
  return {
    keep: (): void => {
      if (!signal.aborted && now() - startedAt < 1000 * checkpointSeconds) return;
      // One that cannot be kept costs time, if there is a next attempt at all.
      kept = kept.then(keep).catch(() => undefined);
    },
    done: () => kept,
  };
};

const train = async (
  config: RunConfig,
  { stop, data }: TrainSpec,
  context: JobContext,
  effects: TrainEffects,
): Promise<JobEnd> => {
  const { name, folder, signal, onProgress, onNote } = context;
  const { files, now, spawn, dataDir, cacheDir, checkpointSeconds } = effects;
  const folders = { ...(dataDir !== undefined && { dataDir }), ...(cacheDir !== undefined && { cacheDir }) };
  const isDiverging = stop && divergenceOf(stop);
  // The count of high losses goes on where it was, so that the run diverges at the step at which it would have.
  let diverged: ProgressPoint | undefined;
  for (const point of await goOn(config, data, context, files)) if (isDiverging?.(point)) diverged ??= point;
  const { keep, done } = keeper(context, effects);
  const every = checkpointSeconds !== undefined && { checkpointSeconds };
  const run = superviseRun(
    { name, folder, config, resume: true, ...every, ...folders },
    spawn(),
    { files, now },
    (progress) => {
      onProgress(progress);
      if (diverged || !isDiverging?.(progress)) return;
      diverged = progress;
      run.stop('divergence');
    },
    onNote,
    keep,
  );
  if (diverged) run.stop('divergence');
  const interrupt = (): void => run.stop(String(signal.reason));
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  const { result, hopeless, nonFinite } = await run.outcome.finally(() =>
    signal.removeEventListener('abort', interrupt),
  );
  await done();

  if (diverged || nonFinite) {
    const { step, epoch, loss } = diverged ?? { step: result.steps, epoch: undefined, loss: undefined };
    const reason = diverged ? `loss above ${stop!.above} nats` : result.error;
    const found = {
      schema: 1,
      reason,
      step,
      epoch,
      loss: loss !== undefined && Number.isFinite(loss) ? loss : undefined,
    };
    await writeFile(files, join(folder, 'diverged.json'), `${JSON.stringify(found, null, 2)}\n`);
    // How far the run got beyond that step is a matter of time, so that the rest of its folder is no part of the result.
    return { state: 'diverged', files: ['diverged.json'], tells: [] };
  }
  if (result.state === 'done') {
    return { state: 'done', files: (await filesIn(folder)).filter((path) => !passing(path)), tells: TELLS };
  }
  const reason = result.error ?? `the run ended as ${result.state}`;
  if (result.state === 'interrupted') return { state: 'interrupted', reason };
  return { state: 'failed', reason, ...(hopeless && { hopeless }) };
};
