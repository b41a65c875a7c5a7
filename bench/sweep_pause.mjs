import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A kind of job that waits and writes one small file: all the rest is what the queue and the store cost. */
export const pause = {
  work: async ({ milliseconds }, { folder }) => {
    if (milliseconds > 0) await wait(milliseconds);
    await writeFile(join(folder, 'waited.txt'), String(milliseconds));
    return { state: 'done', files: ['waited.txt'], tells: [] };
  },
};
