import { UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Progress } from '../../../vae/training/index.js';
import { attemptJob } from '../jobs/attemptJob.js';
import { type JobKinds, loadJob } from '../jobs/job.js';
import type { StoreRoot } from '../store/resultStore.js';
import type { QueueAddress } from './address.js';
import { QUEUE, readPayload } from './payload.js';
import { connectionTo } from './redis.js';

const BETWEEN_TELLS = 1000;
const RETRY_DELAY = 500;
/** A job that takes its worker down with it so often is given up. */
const MOST_STALLS = 10;

export interface WorkerOptions {
  readonly address: QueueAddress;
  readonly root: StoreRoot;
  readonly kinds: JobKinds;
  /** Jobs side by side. */
  readonly atOnce: number;
  /** Milliseconds without a sign of life after which another worker takes a job. */
  readonly lock: number;
  /** Host and process, for the logs of jobs. */
  readonly worker: string;
  readonly now: () => number;
  /** Aborted with the name of a signal: jobs under way are stopped and go back to the queue. */
  readonly interrupt: AbortSignal;
  /** End when the queue is empty. */
  readonly drain: boolean;
  readonly log: (line: string) => void;
}

interface Queued {
  readonly data: unknown;
  updateProgress(progress: object): Promise<void>;
  moveToWait(token?: string): Promise<unknown>;
}

/** Does one job of the queue. What it throws is what the queue keeps as its failure. */
const doJob = async (queued: Queued, token: string | undefined, options: WorkerOptions): Promise<void> => {
  const { address, root, kinds, worker, now, interrupt, log } = options;
  const { sweep, job: id } = readPayload(queued.data);
  const store = root.sweep(sweep);
  const job = await loadJob(store, id);
  let told = 0;
  const onProgress = (progress: Progress): void => {
    if (now() - told < BETWEEN_TELLS) return;
    told = now();
    queued.updateProgress(progress).catch(() => undefined);
  };
  log(`${sweep}: ${job.name}: started`);
  const onNote = (text: string): void => log(`${sweep}: ${job.name}: ${text}`);
  const end = await attemptJob(job, { store, kinds, worker, now, signal: interrupt, onProgress, onNote });
  log(`${sweep}: ${job.name}: ${'reason' in end ? `${end.state}: ${end.reason}` : end.state}`);
  if (end.state === 'interrupted') {
    await queued.moveToWait(token);
    throw new WaitingError();
  }
  if (end.state === 'failed') {
    const reason = address.redact(end.reason);
    throw end.hopeless === 'input' ? new UnrecoverableError(reason) : new Error(reason);
  }
};

/**
 * Takes jobs from the queue until it is interrupted, or the queue is drained. Jobs train in child processes, so that
 * this one is free to renew their locks; what a lost lock would let happen twice, the log of the job lets count once.
 */
export const takeJobs = async (options: WorkerOptions): Promise<void> => {
  const { address, atOnce, lock, interrupt, drain, worker: name, log } = options;
  const worker = new Worker(QUEUE, (queued, token) => doJob(queued, token, options), {
    name,
    connection: connectionTo(address, null),
    concurrency: atOnce,
    lockDuration: lock,
    stalledInterval: lock,
    maxStalledCount: MOST_STALLS,
    runRetryDelay: RETRY_DELAY,
    removeOnComplete: { count: 0 },
  });
  let last = '';
  worker.on('error', (error) => {
    const line = `queue: ${address.redact(error.message)}`;
    if (line !== last) log(line);
    last = line;
  });
  worker.on('completed', () => {
    last = '';
  });
  await new Promise<void>((resolve) => {
    if (interrupt.aborted) resolve();
    interrupt.addEventListener('abort', () => resolve(), { once: true });
    if (drain) worker.on('drained', resolve);
  });
  await worker.close();
};
