import { Queue, QueueEvents } from 'bullmq';
import type { Progress } from '../../../vae/training/index.js';
import { delay } from '../delay.js';
import type { Job } from '../jobs/job.js';
import { committedResult } from '../jobs/jobLog.js';
import type { Outcome } from '../outcome.js';
import type { ResultStore } from '../store/resultStore.js';
import type { QueueAddress } from './address.js';
import { type Payload, QUEUE, queueId } from './payload.js';
import { connectionTo } from './redis.js';

/** Events tell at once what happens; a look at every open job finds what got lost. */
const BETWEEN_LOOKS = 3000;
/** Jobs looked at or put on the queue at a time. */
const AT_ONCE = 200;
const RETRY_AFTER = 500;
const COMMAND_RETRIES = 2;

export interface SubmitOptions<J extends Job> {
  readonly address: QueueAddress;
  readonly store: ResultStore;
  /** Name of the sweep in the root that submitter and workers share. */
  readonly sweep: string;
  /** Attempts after one that failed. */
  readonly retries: number;
  readonly interrupt: AbortSignal;
  readonly started: (job: J) => void;
  readonly progress: (job: J, progress: Progress) => void;
  readonly ended: (job: J, outcome: Outcome) => Promise<void>;
  readonly log: (line: string) => void;
}

/**
 * Puts jobs on the queue and follows them until each has a committed result or has failed for good, or the interrupt
 * comes: what is on the queue then stays there. The store alone says what is done. A job that the queue has lost, with
 * all of Redis if need be, is put on it again.
 */
export const submitJobs = async <J extends Job>(
  jobs: readonly J[],
  options: SubmitOptions<J>,
): Promise<Map<string, Outcome>> => {
  const { address, store, sweep, retries, interrupt, log } = options;
  const outcomes = new Map<string, Outcome>(jobs.map(({ id }) => [id, { state: 'open' }]));
  const open = new Map(jobs.map((job) => [queueId({ sweep, job: job.id }), job]));
  const queue = new Queue<Payload>(QUEUE, { connection: connectionTo(address, COMMAND_RETRIES) });
  const events = new QueueEvents(QUEUE, { connection: connectionTo(address, null) });
  const settled = new AbortController();
  const ended = AbortSignal.any([interrupt, settled.signal]);
  let trouble = '';
  const complain = (error: Error): void => {
    const line = `queue: ${address.redact(error.message)}`;
    if (line !== trouble) log(line);
    trouble = line;
  };
  queue.on('error', complain);
  events.on('error', complain);

  const add = async (added: readonly J[]): Promise<void> => {
    const backoff = { type: 'fixed', delay: RETRY_AFTER };
    const entries = added.map(({ id, spec }) => {
      const data = { sweep, job: id };
      const opts = { jobId: queueId(data), attempts: retries + 1, backoff, removeOnComplete: true };
      return { name: spec.kind, data, opts };
    });
    await queue.addBulk(entries);
  };
  const settle = async (id: string, job: J, outcome: Outcome): Promise<void> => {
    if (!open.delete(id)) return;
    outcomes.set(job.id, outcome);
    await options.ended(job, outcome);
    if (open.size === 0) settled.abort();
  };
  /** Ends a job that has a result or has failed, and puts one on the queue that is not there. */
  const look = async (id: string): Promise<void> => {
    const job = open.get(id);
    if (!job) return;
    const manifest = await committedResult(store, job.id);
    if (manifest) return settle(id, job, { state: 'committed', manifest });
    const queued = await queue.getJob(id);
    if (!queued) return add([job]);
    if (await queued.isFailed()) {
      await settle(id, job, { state: 'failed', reason: queued.failedReason ?? 'failed without a reason' });
      await queued.remove();
    }
  };
  const lookSafely = (id: string): Promise<void> => look(id).catch(complain);

  events.on('active', ({ jobId }) => {
    const job = open.get(jobId);
    if (job) options.started(job);
  });
  events.on('progress', ({ jobId, data }) => {
    const job = open.get(jobId);
    if (job) options.progress(job, data as unknown as Progress);
  });
  events.on('completed', ({ jobId }) => void lookSafely(jobId));
  events.on('failed', ({ jobId }) => void lookSafely(jobId));

  try {
    await forgetFailures(queue, open);
    for (const part of inParts(jobs)) await add(part);
    while (!ended.aborted) {
      await delay(BETWEEN_LOOKS, ended);
      for (const ids of inParts([...open.keys()])) if (!ended.aborted) await Promise.all(ids.map(lookSafely));
    }
    return outcomes;
  } finally {
    await Promise.all([events.close(), queue.close()]).catch(() => undefined);
  }
};

const inParts = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, i) => all.slice(i * AT_ONCE, (i + 1) * AT_ONCE));

/** A failure that an earlier command has told would keep the job from being put on the queue again. */
const forgetFailures = async (queue: Queue<Payload>, open: ReadonlyMap<string, Job>): Promise<void> => {
  for (const job of await queue.getFailed()) if (open.has(job.id!)) await job.remove();
};
