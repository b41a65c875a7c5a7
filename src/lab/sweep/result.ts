import type { Estimate, FinalValues, RunResult } from '../studies/study.js';
import type { Job } from './jobs/job.js';
import { committedResult, readLog } from './jobs/jobLog.js';
import type { Outcome, Outcomes, SweepJob } from './outcome.js';
import type { ResultStore } from './store/resultStore.js';

type RunInputs = Readonly<Record<string, string>>;

/** One job of a sweep and what came of it. Values are as `run.json` states them: with sampling and interval. */
export interface SweepRow {
  readonly job: string;
  readonly name: string;
  readonly varied: SweepJob['varied'];
  readonly state: 'done' | 'diverged' | 'failed' | 'open';
  /** Why it failed, diverged or was not done. */
  readonly reason?: string;
  /** Times that a worker took it, in this and earlier commands. */
  readonly attempts: number;
  /** Folder of the result, relative to that of the sweep. */
  readonly folder?: string;
  /** SHA-256 of what the job decides alone. */
  readonly content?: string;
  readonly final?: FinalValues;
  /** Share of draws of N(0, I) that lie where hardly any code does. */
  readonly holeMass?: Estimate;
  /** SHA-256 of the configuration and of the pixels. */
  readonly inputs?: RunInputs;
  readonly steps?: number;
  readonly seconds?: number;
}

/** What a sweep leaves behind: the content of `sweep.json`. */
export interface SweepResult {
  readonly schema: 1;
  readonly kind: 'sweep';
  readonly name: string;
  /** `done` when every job has a result; `failed` when one has none after its last attempt; else `open`. */
  readonly state: 'done' | 'failed' | 'open';
  readonly rows: readonly SweepRow[];
  /** ISO 8601, UTC. */
  readonly written: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Results of all jobs that have one. */
export const committedOutcomes = async (store: ResultStore, jobs: readonly Job[]): Promise<Map<string, Outcome>> => {
  const outcomes = new Map<string, Outcome>();
  for (const { id } of jobs) {
    const manifest = await committedResult(store, id);
    if (manifest) outcomes.set(id, { state: 'committed', manifest });
  }
  return outcomes;
};

/** What a committed run measured, from its `run.json`; undefined where the result is none of a run. */
export const runOf = async (
  store: ResultStore,
  outcome: Outcome,
): Promise<(RunResult & { readonly inputs?: RunInputs }) | undefined> => {
  if (outcome.state !== 'committed' || outcome.manifest.state !== 'done') return undefined;
  const content = await store.read(`${outcome.manifest.folder}/run.json`);
  return content && (JSON.parse(Buffer.from(content).toString('utf8')) as RunResult);
};

const reasonOf = async (store: ResultStore, outcome: Outcome): Promise<string | undefined> => {
  if (outcome.state !== 'committed') return outcome.reason;
  if (outcome.manifest.state === 'done') return undefined;
  const content = await store.read(`${outcome.manifest.folder}/diverged.json`);
  return content && (JSON.parse(Buffer.from(content).toString('utf8')) as { reason: string }).reason;
};

export const sweepRow = async (
  store: ResultStore,
  { id, name, varied }: SweepJob,
  outcome: Outcome,
): Promise<SweepRow> => {
  const run = await runOf(store, outcome);
  const reason = await reasonOf(store, outcome);
  const log = await readLog(store, id);
  return {
    job: id,
    name,
    varied,
    state: outcome.state === 'committed' ? outcome.manifest.state : outcome.state,
    ...(reason !== undefined && { reason }),
    attempts: log.filter(({ entry }) => entry === 'claim').length,
    ...(outcome.state === 'committed' && { folder: outcome.manifest.folder, content: outcome.manifest.content }),
    ...(run?.final && { final: run.final }),
    ...(run?.controls?.prior.holeMass && { holeMass: run.controls.prior.holeMass }),
    ...(run?.inputs && { inputs: run.inputs }),
    ...(run && { steps: run.steps, seconds: run.seconds }),
  };
};

/** The result of a sweep, from its store and what became of its jobs. */
export const sweepResult = async (
  store: ResultStore,
  { name, jobs }: { readonly name: string; readonly jobs: readonly SweepJob[] },
  outcomes: Outcomes,
  about: Pick<SweepResult, 'written' | 'versions'>,
): Promise<SweepResult> => {
  const rows: SweepRow[] = [];
  for (const job of jobs) rows.push(await sweepRow(store, job, outcomes.get(job.id) ?? { state: 'open' }));
  const has = (state: SweepRow['state']): boolean => rows.some((row) => row.state === state);
  return {
    schema: 1,
    kind: 'sweep',
    name,
    state: has('failed') ? 'failed' : has('open') ? 'open' : 'done',
    rows,
    ...about,
  };
};
