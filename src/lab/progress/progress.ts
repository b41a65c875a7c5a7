import type { Progress } from '../../vae/training/index.js';
import type { RunResult } from '../studies/study.js';

/** A stream to write to: `process.stderr`, or what a test reads back. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What is told of a run that has ended. */
export type EndedRun = Pick<RunResult, 'name' | 'state' | 'seconds' | 'error' | 'final'>;

/** What a study tells while it works. */
export interface ProgressView {
  started(name: string): void;
  progress(name: string, progress: Progress): void;
  ended(result: EndedRun): void;
  /** A line that stays. */
  note(text: string): void;
  close(): void;
}

/** A run of the plan, as progress follows it. */
export interface FollowedRun {
  readonly name: string;
  /** Expected duration against the others. */
  readonly weight: number;
  state: 'waiting' | 'active' | 'ended';
  /** Milliseconds of the clock; 0 before the start. */
  startedAt: number;
  /** Milliseconds that the run took, once it has ended. */
  took: number;
  latest?: Progress;
}

export const followed = (runs: readonly { readonly name: string; readonly weight: number }[]): FollowedRun[] =>
  runs.map(({ name, weight }) => ({ name, weight, state: 'waiting', startedAt: 0, took: 0 }));

/** Share of its steps that a run has taken, in [0, 1]. */
export const shareDone = ({ latest }: FollowedRun): number =>
  latest && latest.steps > 0 ? latest.step / latest.steps : 0;

export const silentView: ProgressView = {
  started: () => undefined,
  progress: () => undefined,
  ended: () => undefined,
  note: () => undefined,
  close: () => undefined,
};
