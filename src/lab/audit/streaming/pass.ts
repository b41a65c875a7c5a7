/** One pass over codes in files, by several threads that read a range each. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../../engine/errors/index.js';
import {
  joinSummaries,
  mergeMomentSums,
  type StreamSummary,
  type SummarySettings,
} from '../../../latent/audit/streaming/index.js';
import { type CodeRequest, openCodes } from '../../codes/index.js';
import type { CodeMoments } from './momentsOfRange.js';
import { type PassName, type PassResults, passRange } from './passRange.js';
import type { OnRows, RangeJob, StoredMatrix } from './rangeJob.js';
import { rangeOf } from './ranges.js';
import type { FromThread } from './rangeThread.js';

const THREAD = new URL('./rangeThread.js', import.meta.url);

export interface PassOptions {
  readonly cwd: string;
  readonly request: CodeRequest;
  readonly settings: SummarySettings;
  /** Rows to read. */
  readonly range: readonly [number, number];
  readonly threads: number;
  /** Share of the rows that are read. */
  readonly onProgress?: (share: number) => void;
  /** Ends the pass when it aborts; with one, this thread never does the work itself, where there are others. */
  readonly signal?: AbortSignal;
}

const inThread = <Name extends PassName>(
  pass: Name,
  job: RangeJob,
  onRows: OnRows,
  signal: AbortSignal | undefined,
): Promise<PassResults[Name]> => {
  const thread = new Worker(THREAD, { workerData: { pass, job } });
  const end = (): void => void thread.terminate();
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  return new Promise<PassResults[Name]>((resolve, reject) => {
    thread.on('message', (message: FromThread) => {
      if ('rows' in message) onRows(message.rows);
      else if ('result' in message) resolve(message.result as PassResults[Name]);
      else reject(message.ofInput ? new InputError(message.error) : new Error(message.error));
    });
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`internal: a thread ended early with exit code ${code}`)));
  }).finally(() => signal?.removeEventListener('abort', end));
};

const runPass = async <Name extends PassName>(
  pass: Name,
  { cwd, request, settings, range, threads, onProgress, signal }: PassOptions,
  stored?: readonly StoredMatrix[],
): Promise<PassResults[Name][]> => {
  const [first, end] = range;
  const ranges = Array.from({ length: threads }, (_, i) => rangeOf(end, i, threads, first)).filter(([a, b]) => a < b);
  let done = 0;
  const onRows: OnRows = (rows) => {
    done += rows;
    onProgress?.(done / (end - first));
  };
  const jobs = ranges.map((each) => ({ cwd, request, settings, range: each, ...(stored && { stored }) }));
  // From its TypeScript source there is no entry that a thread could start from.
  const alone = (jobs.length === 1 && !signal) || !existsSync(fileURLToPath(THREAD));
  if (!alone) return Promise.all(jobs.map((job) => inThread(pass, job, onRows, signal)));
  const results: PassResults[Name][] = [];
  const onRowsHere: OnRows = (rows) => {
    signal?.throwIfAborted();
    onRows(rows);
  };
  for (const job of jobs) results.push(await passRange(pass, job, onRowsHere));
  return results;
};

/**
 * Everything that an audit needs of a range of rows, read once; memory does not grow with the rows.
 *
 * Throws: InputError where a file cannot be read or is not what its header says.
 */
export const summarizeCodes = async (options: PassOptions): Promise<StreamSummary> => {
  return joinSummaries(options.settings, await runPass('summary', options));
};

/** Where the arrays of a request stand; undefined where one of them has to be made. */
const storedArrays = async ({ cwd, request, settings }: PassOptions): Promise<StoredMatrix[] | undefined> => {
  const codes = await openCodes(cwd, request);
  try {
    const rows = codes[settings.part]!;
    const arrays = 'mu' in rows ? [rows.mu, rows.sigma] : [rows.z];
    const found = arrays.flatMap(({ name, width, stored }) => (stored ? [{ name, width, stored }] : []));
    return found.length === arrays.length ? found : undefined;
  } finally {
    await codes.close();
  }
};

/** Power sums of every dimension of μ and σ, or of z, over a range of rows, read once. */
export const momentsOfCodes = async (options: PassOptions): Promise<CodeMoments> => {
  const [whole, ...others] = (await runPass('moments', options, await storedArrays(options))) as [
    CodeMoments,
    ...CodeMoments[],
  ];
  for (const { centres, scales } of others) {
    mergeMomentSums(whole.centres, centres);
    if (whole.scales && scales) mergeMomentSums(whole.scales, scales);
  }
  return whole;
};
