import { join } from 'node:path';
import { regimes, trainedParts } from '../../vae/regimes/index.js';
import type { ProgressView } from '../progress/index.js';
import type { SpawnRun } from '../runs/child.js';
import type { FileSystem } from '../runs/fileSystem.js';
import type { RunJob, RunOutcome } from '../runs/job.js';
import { inOrder } from '../runs/reading/savedResult.js';
import { superviseRun } from '../runs/superviseRun.js';
import { makeFolder } from '../runs/writeFile.js';
import { claimsOfStudy } from './claims/index.js';
import type { MakeExtractor } from './extractor.js';
import { longestFirst, type PlannedRun, planRuns, type StudyConfig } from './plan.js';
import { runPool } from './pool.js';
import { savedOutcome } from './savedOutcome.js';
import type { DataDescription, NoiseFloor, RunResult, Study, StudyExtractor } from './study.js';
import { verdict } from './verdict.js';

export interface StudyEffects {
  readonly files: FileSystem;
  readonly now: () => number;
  readonly spawn: SpawnRun;
  readonly view: ProgressView;
  /** Aborted with the name of a signal as its reason: the runs under way finish their chunk, no other is started. */
  readonly interrupt: AbortSignal;
  readonly noiseFloor: (latents: number, batch: number, seed: number) => NoiseFloor;
  readonly makeExtractor: MakeExtractor;
  readonly machine: Study['machine'];
  readonly versions: Study['versions'];
}

export interface StudyRequest {
  readonly config: StudyConfig;
  /** Absolute path of the study folder. */
  readonly folder: string;
  readonly data: DataDescription;
  readonly dataDir?: string;
  readonly cacheDir?: string;
  readonly command: string;
  /** Keep what is done in the folder, and go on with what is not. */
  readonly resume?: boolean;
}

export interface StudyOutcome {
  readonly study: Study;
  readonly stacks: readonly string[];
  /** Why no more runs were started. */
  readonly hopeless?: RunOutcome['hopeless'];
}

/** Runs follow a study as folders within it. */
const inStudy = (result: RunResult): RunResult => {
  const folder = `runs/${result.name}`;
  return inOrder({
    ...result,
    folder,
    images: result.images.map((image) => ({ ...image, file: `${folder}/${image.file}` })),
    ...(result.probes && { probes: { ...result.probes, file: `${folder}/${result.probes.file}` } }),
  });
};

/**
 * Trains every run of a study in child processes, side by side. A run that fails leaves the others alone, unless
 * they would fail as well. Writes the run folders; the study itself is returned for the caller to write.
 */
export const runStudy = async (request: StudyRequest, effects: StudyEffects): Promise<StudyOutcome> => {
  const { config, folder } = request;
  const { now, view, interrupt } = effects;
  const start = now();
  const planned = planRuns(config);
  await makeFolder(effects.files, folder);
  const extractor = await extractorFor(request, effects);

  let hopeless: RunOutcome['hopeless'];
  const run = async (plan: PlannedRun): Promise<RunOutcome> => {
    const job = jobOf(plan, request, extractor);
    const outcome =
      (request.resume && (await savedOutcome(job, request.data, effects))) ||
      (await superviseInterruptible(job, effects));
    hopeless ??= outcome.hopeless;
    return outcome;
  };
  const goOn = (): boolean => !interrupt.aborted && hopeless === undefined;
  const outcomes = await runPool(longestFirst(planned), config.workers, run, goOn).finally(() => view.close());

  const { latents } = config.shared;
  const momentBatch = outcomes.find((outcome) => outcome.momentBatch !== undefined)?.momentBatch ?? 10 * latents;

  const results = new Map(outcomes.map(({ result }) => [result.name, inStudy(result)]));
  const runs = planned.flatMap(({ name }) => results.get(name) ?? []);
  const allDone = runs.length === planned.length && runs.every((result) => result.state === 'done');
  const floor = effects.noiseFloor(latents, momentBatch, config.seeds[0]!);
  const study: Study = {
    schema: 1,
    kind: 'article',
    state: allDone ? 'done' : interrupt.aborted ? 'interrupted' : 'failed',
    preset: config.shared.preset,
    epochs: config.shared.epochs,
    seeds: config.seeds,
    draws: config.shared.draws ?? 'fresh',
    data: request.data,
    floor,
    ...(extractor && { extractor }),
    runs,
    claims: claimsOfStudy({ runs, floor, data: request.data }),
    verdict: verdict(runs, request.data.binarisation, planned.length),
    command: request.command,
    started: new Date(start).toISOString(),
    seconds: (now() - start) / 1000,
    machine: effects.machine,
    versions: effects.versions,
  };
  return { study, stacks: outcomes.flatMap(({ stack }) => stack ?? []), ...(hopeless && { hopeless }) };
};

/** What images of all runs are compared over; none where no run has a decoder to draw them with. */
const extractorFor = async (
  { config, folder, dataDir, cacheDir }: StudyRequest,
  { makeExtractor, view, interrupt }: StudyEffects,
): Promise<StudyExtractor | undefined> => {
  if (!config.regimes.some((name) => trainedParts(regimes[name]).includes('decoder'))) return undefined;
  view.note('learning features that images are compared by');
  return makeExtractor({
    ...config.shared,
    seed: config.seeds[0]!,
    folder,
    interrupt,
    ...(dataDir !== undefined && { dataDir }),
    ...(cacheDir !== undefined && { cacheDir }),
  });
};

const jobOf = (
  { name, config }: PlannedRun,
  { folder, dataDir, cacheDir, resume }: StudyRequest,
  extractor: StudyExtractor | undefined,
): RunJob => ({
  name,
  folder: join(folder, 'runs', name),
  config,
  ...(dataDir !== undefined && { dataDir }),
  ...(cacheDir !== undefined && { cacheDir }),
  ...(extractor && { extractor: join(folder, extractor.file) }),
  ...(resume && { resume }),
});

/** One job in a child process, told to stop when the interrupt comes. */
export const superviseInterruptible = async (
  job: RunJob,
  { files, now, spawn, view, interrupt }: Pick<StudyEffects, 'files' | 'now' | 'spawn' | 'view' | 'interrupt'>,
): Promise<RunOutcome> => {
  view.started(job.name);
  const supervised = superviseRun(
    job,
    spawn(),
    { files, now },
    (progress) => view.progress(job.name, progress),
    (text) => view.note(`${job.name}: ${text}`),
  );
  const stop = (): void => supervised.stop(String(interrupt.reason));
  interrupt.addEventListener('abort', stop);
  const outcome = await supervised.outcome;
  interrupt.removeEventListener('abort', stop);
  view.ended(outcome.result);
  return outcome;
};
