/**
 * The process of one run: told by its parent what to train, it reports as it goes and leaves a run folder.
 *
 * The terminal sends Ctrl-C to every process of the group. The parent alone decides what it means, so SIGINT is ignored
 * here; a lost parent means stop.
 */

import type { FromChild, ToChild } from './job.js';
import { runEffects } from './runEffects.js';
import { runJob } from './runJob.js';

let stopReason: string | undefined;
const stop = (reason: string): void => {
  stopReason ??= reason;
};

const tell = (message: FromChild): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve());
    else resolve();
  });
const report = (message: FromChild): void => void tell(message);

process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('disconnect', () => stop('the end of its parent process'));

process.on('message', (message: ToChild) => {
  if (message.type === 'stop') return stop(message.reason);
  void runJob(message.job, runEffects, {
    onProgress: (progress) => report({ type: 'progress', progress }),
    onEvaluation: (point) => report({ type: 'evaluation', point }),
    onNote: (text) => report({ type: 'note', text }),
    onCheckpoint: () => report({ type: 'checkpoint' }),
    stopReason: () => stopReason,
  })
    .then((outcome) => tell({ type: 'outcome', outcome }))
    .finally(() => process.exit(0));
});
