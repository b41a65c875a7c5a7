import { type FollowedRun, shareDone } from './progress.js';

/** Milliseconds until an active run ends, at its pace so far; undefined before its first chunk. */
export const runTimeLeft = (run: FollowedRun, now: number): number | undefined => {
  const share = shareDone(run);
  return share === 0 ? undefined : ((now - run.startedAt) * (1 - share)) / share;
};

/**
 * Milliseconds until the last run ends: the active ones at their own pace, the waiting ones at the pace per weight seen
 * so far, each given to the worker that is free first. Undefined until something has been measured.
 */
export const studyTimeLeft = (runs: readonly FollowedRun[], workers: number, now: number): number | undefined => {
  let spent = 0;
  let weight = 0;
  for (const run of runs) {
    if (run.state === 'waiting') continue;
    const share = run.state === 'ended' ? 1 : shareDone(run);
    if (share === 0) continue;
    spent += run.state === 'ended' ? run.took : now - run.startedAt;
    weight += run.weight * share;
  }
  if (weight === 0) return undefined;
  const pace = spent / weight;

  const free: number[] = [];
  for (const run of runs) if (run.state === 'active') free.push(runTimeLeft(run, now) ?? run.weight * pace);
  while (free.length < workers) free.push(0);
  for (const run of runs) {
    if (run.state !== 'waiting') continue;
    const soonest = free.indexOf(Math.min(...free));
    free[soonest] = free[soonest]! + run.weight * pace;
  }
  return Math.max(0, ...free);
};
