import type { Progress } from '../../../vae/training/index.js';
import { StorageError } from '../../runs/writeFile.js';
import type { AttemptEnd } from '../jobs/attemptJob.js';
import { type Outcome, outcomeOf, type SweepJob } from '../outcome.js';

export interface LocalEffects {
  /** One attempt at a job, in a process of its own. */
  readonly attempt: (job: SweepJob, onProgress: (progress: Progress) => void) => Promise<AttemptEnd>;
  /** Runs side by side at this moment; at least 1. */
  readonly atOnce: () => number;
  /** Attempts after one that failed. */
  readonly retries: number;
  readonly interrupt: AbortSignal;
  readonly started: (job: SweepJob) => void;
  readonly progress: (job: SweepJob, progress: Progress) => void;
  readonly ended: (job: SweepJob, outcome: Outcome) => Promise<void>;
  /** A line about an attempt that failed and is made again. */
  readonly note: (line: string) => void;
}

/**
 * Works through the jobs on this machine, the longest first. A failed one comes again at the end of the line, unless it
 * would fail again; a disk that fails ends it all. Returns what became of each job.
 */
export const runLocally = async (jobs: readonly SweepJob[], effects: LocalEffects): Promise<Map<string, Outcome>> => {
  const { atOnce, retries, interrupt, note } = effects;
  const outcomes = new Map<string, Outcome>(jobs.map(({ id }) => [id, { state: 'open' }]));
  const waiting = [...jobs].sort((a, b) => b.weight - a.weight).map((job) => ({ job, left: retries }));
  const active = new Set<Promise<void>>();
  let diskFailed = false;

  const work = async ({ job, left }: (typeof waiting)[number]): Promise<void> => {
    effects.started(job);
    const outcome = outcomeOf(await attemptSafely(job, effects));
    outcomes.set(job.id, outcome);
    if (outcome.state === 'failed') {
      diskFailed ||= outcome.hopeless === 'disk';
      if (outcome.hopeless === undefined && left > 0 && !interrupt.aborted) {
        note(`${job.name}: ${outcome.reason}; tried again`);
        waiting.push({ job, left: left - 1 });
        return;
      }
    }
    await effects.ended(job, outcome);
  };

  for (;;) {
    while (waiting.length > 0 && active.size < atOnce() && !interrupt.aborted && !diskFailed) {
      const running = work(waiting.shift()!).finally(() => active.delete(running));
      active.add(running);
    }
    if (active.size === 0) return outcomes;
    await Promise.race(active);
  }
};

/** The store may fail as well; where it cannot be written to, there is no use in going on. */
const attemptSafely = async (job: SweepJob, { attempt, progress }: LocalEffects): Promise<AttemptEnd> => {
  try {
    return await attempt(job, (value) => progress(job, value));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { state: 'failed', reason, ...(error instanceof StorageError && { hopeless: 'disk' }) };
  }
};
