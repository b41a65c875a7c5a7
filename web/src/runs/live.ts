/**
 * Runs as they are now. One stream of events for the whole tab: the list of runs, and the metrics of the run that is
 * looked at. A stream that breaks goes on where it ended; where the server no longer knows what was missed, all is read again.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { LabInfo, MetricsAnswer, MetricsEvent, RunsAnswer, RunsEvent } from '../../../src/lab/server/contract.js';
import { withChanges, withRecords } from './merge.js';
import { allRuns, labInfo, runMetrics } from './source.js';

/** `still`: files beside a static site, which do not change. */
export type Liveness = 'loading' | 'live' | 'reconnecting' | 'still' | 'failed';

interface Followed {
  readonly key: string;
  readonly metrics: ReturnType<typeof signal<MetricsAnswer | undefined>>;
  readonly fault: ReturnType<typeof signal<string | undefined>>;
}

const known = signal<RunsAnswer | undefined>(undefined);
const state = signal<Liveness>('loading');
const about = signal<LabInfo | undefined>(undefined);
const wrong = signal<string | undefined>(undefined);

/** All runs; undefined until they are read. */
export const runs: ReadonlySignal<RunsAnswer | undefined> = known;
export const liveness: ReadonlySignal<Liveness> = state;
export const lab: ReadonlySignal<LabInfo | undefined> = about;
/** Why `runs` could not be read, where `liveness` is `failed`. */
export const fault: ReadonlySignal<string | undefined> = wrong;

/** Milliseconds until a stream that the browser gave up is asked for again. */
const AGAIN = 2000;

let stream: EventSource | undefined;
let again: ReturnType<typeof setTimeout> | undefined;
let followed: Followed | undefined;
let begun: Promise<void> | undefined;

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const readMetrics = async (run: Followed): Promise<void> => {
  try {
    run.metrics.value = await runMetrics(run.key);
    run.fault.value = undefined;
  } catch (error) {
    run.fault.value = message(error);
  }
};

const addressOf = (): string => {
  const query = new URLSearchParams({ after: String(known.peek()?.revision ?? 0) });
  if (followed) {
    query.set('run', followed.key);
    query.set('end', String(followed.metrics.peek()?.end ?? 0));
  }
  return `api/events?${query}`;
};

/** Opens the stream from what is known; another one that was open ends. */
const connect = (): void => {
  stream?.close();
  clearTimeout(again);
  if (!about.peek()?.live) return;
  const opened = new EventSource(addressOf());
  stream = opened;
  opened.addEventListener('open', () => {
    state.value = 'live';
  });
  opened.addEventListener('error', () => {
    state.value = 'reconnecting';
    // The browser tries again of itself where the connection broke, but not after an answer that was no stream.
    if (opened.readyState === EventSource.CLOSED && stream === opened) again = setTimeout(connect, AGAIN);
  });
  opened.addEventListener('runs', ({ data, lastEventId }: MessageEvent<string>) => {
    const revision = Number(lastEventId.split('-')[0]);
    if (known.peek()) known.value = withChanges(known.peek()!, JSON.parse(data) as RunsEvent, revision);
  });
  opened.addEventListener('metrics', ({ data }: MessageEvent<string>) => {
    const event = JSON.parse(data) as MetricsEvent;
    const metrics = followed?.key === event.run ? followed.metrics : undefined;
    if (metrics?.peek()) metrics.value = withRecords(metrics.peek()!, event);
  });
  opened.addEventListener('reset', () => {
    if (stream !== opened) return;
    opened.close();
    void readAgain();
  });
};

/** Reads all anew, then listens from there. */
const readAgain = async (): Promise<void> => {
  clearTimeout(again);
  try {
    const [info, answer] = await Promise.all([labInfo(), allRuns()]);
    about.value = info;
    known.value = answer;
    wrong.value = undefined;
    if (followed) await readMetrics(followed);
    if (info.live) connect();
    else state.value = 'still';
  } catch (error) {
    wrong.value = message(error);
    state.value = known.peek() ? 'reconnecting' : 'failed';
    if (about.peek()?.live) again = setTimeout(() => void readAgain(), AGAIN);
  }
};

/** Begins to read, once for the tab; a page that shows runs calls it. Where it failed, another call tries again. */
export const startLive = (): Promise<void> => {
  if (state.peek() === 'failed') begun = undefined;
  begun ??= readAgain();
  return begun;
};

export interface FollowedRun {
  readonly metrics: ReadonlySignal<MetricsAnswer | undefined>;
  readonly fault: ReadonlySignal<string | undefined>;
  /** Ends it; a page calls this when it is left. */
  readonly stop: () => void;
}

/** The metrics of a run as they are written: one run at a time, the last that was asked for. */
export const followRun = (key: string): FollowedRun => {
  const mine: Followed = { key, metrics: signal(undefined), fault: signal(undefined) };
  followed = mine;
  void startLive()
    .then(() => readMetrics(mine))
    .then(() => {
      if (followed === mine) connect();
    });
  return {
    metrics: mine.metrics,
    fault: mine.fault,
    stop: () => {
      if (followed !== mine) return;
      followed = undefined;
      connect();
    },
  };
};
