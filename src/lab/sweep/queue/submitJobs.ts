import { Queue, QueueEvents } from 'bullmq';
import type { Progress } from '../../../vae/training/index.js';
import { delay } from '../delay.js';
import { committedResult } from '../jobs/jobLog.js';
import type { Outcome, SweepJob } from '../outcome.js';
import type { ResultStore } from '../store/resultStore.js';
import type { QueueAddress } from './address.js';
import { type Payload, QUEUE, queueId } from './payload.js';
import { connectionTo } from './redis.js';

const BETWEEN_LOOKS = 1000;
/** Jobs looked after at a time, in turn: a look costs a few milliseconds each. */
const LOOKED_AFTER = 200;
const RETRY_AFTER = 500;
const COMMAND_RETRIES = 2;

export interface SubmitOptions {
  readonly address: QueueAddress;
  readonly store: ResultStore;
  /** Name of the sweep in the root that submitter and workers share. */
  readonly sweep: string;
  /** Attempts after one that failed. */
  readonly retries: number;
  readonly interrupt: AbortSignal;
  readonly started: (job: SweepJob) => void;
  readonly progress: (job: SweepJob, progress: Progress) => void;
  readonly ended: (job: SweepJob, outcome: Outcome) => Promise<void>;
  readonly log: (line: string) => void;
}

/**
 * Puts jobs on the queue and follows them until each has a committed result or has failed for good, or the interrupt
 * comes: what is on the queue then stays there. The store alone says what is done. A job that the queue has lost, with
 * all of Redis if need be, is put on it again.
 */
export const submitJobs = async (jobs: readonly SweepJob[], options: SubmitOptions): Promise<Map<string, Outcome>> => {
  const { address, store, sweep, retries, interrupt, log } = options;
  const outcomes = new Map<string, Outcome>(jobs.map(({ id }) => [id, { state: 'open' }]));
  const open = new Map(jobs.map((job) => [queueId({ sweep, job: job.id }), job]));
  const queue = new Queue<Payload>(QUEUE, { connection: connectionTo(address, COMMAND_RETRIES) });
  const events = new QueueEvents(QUEUE, { connection: connectionTo(address, null) });
  let trouble = '';
  const complain = (error: Error): void => {
    const line = `queue: ${address.redact(error.message)}`;
    if (line !== trouble) log(line);
    trouble = line;
  };
  queue.on('error', complain);
  events.on('error', complain);

  const add = async (id: string, job: SweepJob): Promise<void> => {
    const backoff = { type: 'fixed', delay: RETRY_AFTER };
    const opts = { jobId: id, attempts: retries + 1, backoff, removeOnComplete: true };
    await queue.add(job.spec.kind, { sweep, job: job.id }, opts);
  };
  const settle = async (id: string, job: SweepJob, outcome: Outcome): Promise<void> => {
    if (!open.delete(id)) return;
    outcomes.set(job.id, outcome);
    await options.ended(job, outcome);
  };
  /** Ends a job that has a result or has failed, and puts one on the queue that is not there. */
  const look = async (id: string): Promise<void> => {
    const job = open.get(id);
    if (!job) return;
    const manifest = await committedResult(store, job.id);
    if (manifest) return settle(id, job, { state: 'committed', manifest });
    const queued = await queue.getJob(id);
    if (!queued) return add(id, job);
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
    await forgetFailures(queue, [...open.keys()]);
    let turn: string[] = [];
    while (open.size > 0 && !interrupt.aborted) {
      if (turn.length === 0) turn = [...open.keys()];
      await Promise.all(turn.splice(0, LOOKED_AFTER).map(lookSafely));
      if (turn.length === 0 && open.size > 0) await delay(BETWEEN_LOOKS, interrupt);
    }
    return outcomes;
  } finally {
    await Promise.all([events.close(), queue.close()]).catch(() => undefined);
  }
};

/** A failure that an earlier command has told would keep the job from being put on the queue again. */
const forgetFailures = async (queue: Queue<Payload>, ids: readonly string[]): Promise<void> => {
  const failed = new Set(ids);
  for (const job of await queue.getFailed()) if (job.id !== undefined && failed.has(job.id)) await job.remove();
};
