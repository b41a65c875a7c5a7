import type { Environment } from '../config/index.js';
import { activeLine, endLine, left } from './lines.js';
import { liveBlock } from './liveBlock.js';
import { type FollowedRun, followed, type Output, type ProgressView, silentView } from './progress.js';
import { studyTimeLeft } from './timeLeft.js';

const BETWEEN_LINES = 15_000;

export interface ViewOptions {
  readonly stderr: Output;
  readonly env: Environment;
  readonly quiet: boolean;
  readonly now: () => number;
  readonly runs: readonly { readonly name: string; readonly weight: number }[];
  readonly workers: number;
}

/** Progress as a live block on a terminal, as plain lines now and then elsewhere, or not at all. */
export const createView = ({ stderr, env, quiet, now, runs: planned, workers }: ViewOptions): ProgressView => {
  if (quiet) return silentView;
  const runs = followed(planned);
  const live = stderr.isTTY === true && env.TERM !== 'dumb';
  const view = live
    ? liveBlock(stderr, runs, { workers, now, colour: !env.NO_COLOR })
    : plainLines(stderr, runs, workers, now);
  const find = (name: string): FollowedRun => runs.find((run) => run.name === name)!;
  return {
    started: (name) => {
      Object.assign(find(name), { state: 'active', startedAt: now() });
      view.draw(true);
    },
    progress: (name, progress) => {
      find(name).latest = progress;
      view.draw();
    },
    ended: (result) => {
      const run = find(result.name);
      run.state = 'ended';
      run.took = now() - run.startedAt;
      view.ended(result);
    },
    note: view.note,
    close: view.close,
  };
};

const plainLines = (output: Output, runs: readonly FollowedRun[], workers: number, now: () => number) => {
  const nameWidth = Math.max(...runs.map((run) => run.name.length));
  let lastLines = now();
  const note = (text: string): void => void output.write(`${text}\n`);
  return {
    draw: () => {
      if (now() - lastLines < BETWEEN_LINES) return;
      lastLines = now();
      for (const run of runs) if (run.state === 'active' && run.latest) note(activeLine(run, nameWidth, now()));
      const ended = runs.filter((run) => run.state === 'ended').length;
      note([`${ended} of ${runs.length} runs`, left(studyTimeLeft(runs, workers, now()))].filter(Boolean).join(', '));
    },
    note,
    ended: (result: Parameters<ProgressView['ended']>[0]) => note(endLine(result)),
    close: () => undefined,
  };
};
