import { logOf } from './committed.js';
import type { ZdistProcess } from './zdistProcess.js';

/**
 * Stops a worker between its claim and its commit; on a busy machine a job may be over before, and then the next is taken.
 * `idOf` tells the id of a job by its name, `folder` is that of the sweep.
 */
export const stopAtWork = async (
  worker: ZdistProcess,
  folder: string,
  idOf: (name: string) => Promise<string>,
): Promise<{ name: string; job: string }> => {
  for (let nth = 1; ; nth++) {
    const [, name] = await worker.until(new RegExp(`(?:\\S+: (\\S.*): started[^]*?){${nth}}`));
    const job = await idOf(name!);
    while ((await logOf(folder, job)).length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    worker.kill('SIGSTOP');
    if ((await logOf(folder, job)).length === 1) return { name: name!, job };
    worker.kill('SIGCONT');
  }
};
