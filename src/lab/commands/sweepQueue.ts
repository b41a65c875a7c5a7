import { createView } from '../progress/index.js';
import type { Outcome, SweepJob } from '../sweep/outcome.js';
import type { QueueAddress } from '../sweep/queue/address.js';
import { submitJobs } from '../sweep/queue/submitJobs.js';
import { isSet } from './options.js';
import { endView, type SweepWork } from './sweepHere.js';
import { countOf, DEFAULT_RETRIES } from './sweepSetup.js';

export { requireSafeRedis } from '../sweep/queue/redis.js';

/** Puts the jobs on a queue and follows what the workers make of them. */
export const runOnQueue = async (
  address: QueueAddress,
  jobs: readonly SweepJob[],
  { given, effects, interrupt, store, folder }: SweepWork,
): Promise<Map<string, Outcome>> => {
  const { stderr, env, now } = effects;
  const retries = countOf(given, 'retries', 0, 100) ?? DEFAULT_RETRIES;
  if (jobs.length === 0) return new Map();
  const view = createView({ stderr, env, quiet: isSet(given, 'quiet'), now, runs: jobs, workers: 1 });
  const starts = new Map<string, number>();
  const end = endView(view, store, now);
  const outcomes = await submitJobs(jobs, {
    address,
    store,
    sweep: folder,
    retries,
    interrupt,
    log: view.note,
    started: ({ id, name }) => {
      starts.set(id, now());
      view.started(name);
    },
    progress: ({ name }, progress) => view.progress(name, progress),
    ended: (job, outcome) => end(job, outcome, starts.get(job.id) ?? now()),
  }).finally(() => view.close());
  const left = [...outcomes.values()].filter(({ state }) => state === 'open').length;
  if (left > 0) stderr.write(`${left} runs stay on the queue; zdist sweep reconcile follows them again\n`);
  return outcomes;
};
