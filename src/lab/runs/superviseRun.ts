import type { Progress } from '../../vae/training/index.js';
import type { CurvePoint, RunResult } from '../studies/study.js';
import type { RunChild } from './child.js';
import type { FileSystem } from './fileSystem.js';
import { type RunJob, type RunOutcome, resultSoFar } from './job.js';
import { markLost } from './markLost.js';

export interface SupervisedRun {
  /** Never rejects: a child that dies makes a failed run of what it had reported. */
  readonly outcome: Promise<RunOutcome>;
  stop(reason: string): void;
}

/** Starts a job in a child process and follows it to its end, whatever that is. */
export const superviseRun = (
  job: RunJob,
  child: RunChild,
  effects: { readonly files: FileSystem; readonly now: () => number },
  onProgress: (progress: Progress) => void,
  onNote: (text: string) => void = () => undefined,
  onCheckpoint: () => void = () => undefined,
): SupervisedRun => {
  const start = effects.now();
  const curve: CurvePoint[] = [];
  let progress: Progress | undefined;
  let told: RunOutcome | undefined;

  const lost = async (reason: string): Promise<RunOutcome> => {
    const seconds = (effects.now() - start) / 1000;
    const result: RunResult = { ...resultSoFar(job, { curve, progress, seconds }), state: 'failed', error: reason };
    await markLost(job, result, effects).catch(() => undefined);
    return { result };
  };

  const outcome = new Promise<RunOutcome>((resolve) => {
    child.onMessage((message) => {
      if (message.type === 'progress') {
        progress = message.progress;
        onProgress(progress);
      } else if (message.type === 'evaluation') curve.push(message.point);
      else if (message.type === 'note') onNote(message.text);
      else if (message.type === 'checkpoint') onCheckpoint();
      else told = message.outcome;
    });
    child.onEnd((reason) => resolve(told ?? lost(reason)));
  });
  child.send({ type: 'start', job });
  return { outcome, stop: (reason) => child.send({ type: 'stop', reason }) };
};
