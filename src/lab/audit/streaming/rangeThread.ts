/** Entry of a thread that reads one range of rows. */
import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../../engine/errors/index.js';
import { PASSES, type PassName, type RangeJob } from './passRange.js';

/** What a thread tells its parent. */
export type FromThread =
  | { readonly rows: number }
  | { readonly result: unknown }
  | { readonly error: string; readonly ofInput: boolean };

const tell = (message: FromThread): void => parentPort!.postMessage(message);

const { pass, job } = workerData as { readonly pass: PassName; readonly job: RangeJob };
try {
  tell({ result: await PASSES[pass](job, (rows) => tell({ rows })) });
} catch (error) {
  const { message, stack } = error as Error;
  const ofInput = error instanceof InputError;
  tell({ error: ofInput ? message : (stack ?? message), ofInput });
}
