import { hostname } from 'node:os';
import { createView, type ProgressView } from '../progress/index.js';
import { workersFor } from '../studies/plan.js';
import { attemptJob } from '../sweep/jobs/attemptJob.js';
import type { JobSpec } from '../sweep/jobs/job.js';
import { type TrainEffects, type TrainSpec, trainKind } from '../sweep/jobs/trainKind.js';
import { estimateBytes, memoryBudget, watched } from '../sweep/local/memory.js';
import { runLocally } from '../sweep/local/runLocally.js';
import type { Outcome, SweepJob } from '../sweep/outcome.js';
import { runOf } from '../sweep/result.js';
import type { ResultStore } from '../sweep/store/resultStore.js';
import type { Effects, Given } from './effects.js';
import { isSet } from './options.js';
import { countOf, DEFAULT_RETRIES } from './sweepSetup.js';

/** What runs the open jobs of a sweep is given. */
export interface SweepWork {
  readonly given: Given;
  readonly effects: Effects;
  readonly training: TrainEffects;
  readonly interrupt: AbortSignal;
  readonly store: ResultStore;
  /** Name of the sweep's folder in the root of its store. */
  readonly folder: string;
}

const isTraining = (spec: JobSpec): spec is TrainSpec => spec.kind === 'train';

/** Tells the view how a job ended, with the numbers of its result. */
export const endView =
  (view: ProgressView, store: ResultStore, now: () => number) =>
  async (job: SweepJob, outcome: Outcome, startedAt: number): Promise<void> => {
    const run = await runOf(store, outcome);
    const seconds = (now() - startedAt) / 1000;
    if (run) return view.ended({ ...run, name: job.name });
    const committed = outcome.state === 'committed';
    const state = committed ? 'done' : outcome.state === 'failed' ? 'failed' : 'interrupted';
    const error = committed ? undefined : outcome.reason;
    view.ended({ name: job.name, state, seconds, ...(error !== undefined && { error }) });
  };

/** Bytes of the largest run, before one is measured. */
const largestEstimate = async (jobs: readonly SweepJob[], { identify, placeOf }: TrainEffects): Promise<number> => {
  let largest = 1;
  for (const { spec } of jobs) {
    if (!isTraining(spec)) continue;
    const { config } = spec;
    const data = await identify({ ...config, data: await placeOf(config.data) });
    largest = Math.max(largest, estimateBytes(config, data.width * data.height, data.train + data.test));
  }
  return largest;
};

/** Runs the jobs in child processes of this machine, as many side by side as there are workers and as memory allows. */
export const runHere = async (
  jobs: readonly SweepJob[],
  { given, effects, training, interrupt, store }: SweepWork,
): Promise<Map<string, Outcome>> => {
  const { stderr, env, now, cores } = effects;
  const threads = Math.max(1, ...jobs.map(({ spec }) => (isTraining(spec) ? spec.config.threads : 1)));
  const workers = countOf(given, 'workers', 1, 1024) ?? workersFor(cores, threads, jobs.length);
  const retries = countOf(given, 'retries', 0, 100) ?? DEFAULT_RETRIES;
  if (jobs.length === 0) return new Map();

  const view = createView({ stderr, env, quiet: isSet(given, 'quiet'), now, runs: jobs, workers });
  const memory = memoryBudget(effects.availableMemory(), await largestEstimate(jobs, training));
  const kinds = { train: trainKind({ ...training, spawn: watched(training.spawn, memory.saw) }) };
  const attempt = { store, kinds, worker: `${hostname()}:${process.pid}`, now, signal: interrupt };
  const starts = new Map<string, number>();
  const end = endView(view, store, now);
  let told = workers;
  const atOnce = (): number => {
    const fitting = Math.min(workers, memory.fitting());
    if (fitting !== told) view.note(`memory that is free allows ${fitting} of ${workers} workers`);
    told = fitting;
    return fitting;
  };
  return runLocally(jobs, {
    attempt: (job, onProgress) =>
      attemptJob(job, { ...attempt, onProgress, onNote: (text) => view.note(`${job.name}: ${text}`) }),
    atOnce,
    retries,
    interrupt,
    started: ({ id, name }) => {
      starts.set(id, now());
      view.started(name);
    },
    progress: ({ name }, progress) => view.progress(name, progress),
    ended: (job, outcome) => end(job, outcome, starts.get(job.id)!),
    note: view.note,
  }).finally(() => view.close());
};
