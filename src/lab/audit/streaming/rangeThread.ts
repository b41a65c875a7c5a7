/** Entry of a thread that reads one range of rows. */
import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../../engine/errors/index.js';
import { type PassName, passRange } from './passRange.js';
import type { RangeJob } from './rangeJob.js';

/** What a thread tells its parent. */
export type FromThread =
  | { readonly rows: number }
  | { readonly result: unknown }
  | { readonly error: string; readonly ofInput: boolean };

const tell = (message: FromThread, moved: ArrayBuffer[] = []): void => parentPort!.postMessage(message, moved);

/** The buffers of all arrays in a result: they are handed over, not copied. */
const buffersOf = (value: unknown): ArrayBuffer[] => {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(buffersOf) : [];
};

const { pass, job } = workerData as { readonly pass: PassName; readonly job: RangeJob };
try {
  const result = await passRange(pass, job, (rows) => tell({ rows }));
  tell({ result }, buffersOf(result));
} catch (error) {
  const { message, stack } = error as Error;
  const ofInput = error instanceof InputError;
  tell({ error: ofInput ? message : (stack ?? message), ofInput });
}
