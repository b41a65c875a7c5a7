import type { AttemptEnd } from './jobs/attemptJob.js';
import type { Job } from './jobs/job.js';
import type { Manifest } from './jobs/jobLog.js';

/** A job of a sweep, as the plan lists it. */
export interface SweepJob extends Job {
  /** What varies, by key of the configuration. */
  readonly varied: Readonly<Record<string, unknown>>;
  /** Expected duration against the others. */
  readonly weight: number;
}

/** How far a job has come. */
export type Outcome =
  | { readonly state: 'committed'; readonly manifest: Manifest }
  | { readonly state: 'failed'; readonly reason: string; readonly hopeless?: 'disk' | 'input' }
  /** Not started, interrupted, or in the hands of another worker. */
  | { readonly state: 'open'; readonly reason?: string };

export type Outcomes = ReadonlyMap<string, Outcome>;

export const outcomeOf = (end: AttemptEnd): Outcome => {
  if (end.state === 'committed') return { state: 'committed', manifest: end.manifest };
  if (end.state === 'fenced') return { state: 'open', reason: 'another worker took it over' };
  if (end.state === 'interrupted') return { state: 'open', reason: end.reason };
  return end;
};
