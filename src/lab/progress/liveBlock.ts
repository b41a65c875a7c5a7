import { duration } from '../../latent/numbers/index.js';
import { activeLine, endLine, left } from './lines.js';
import { type FollowedRun, type Output, type ProgressView, shareDone } from './progress.js';
import { studyTimeLeft } from './timeLeft.js';

const BETWEEN_FRAMES = 100;
const BAR = 24;
/** Columns that the words beside the bar may take. */
const WORDS = 50;

const styled = (on: boolean, code: string, text: string): string => (on ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A block at the foot of the terminal, a line for each active run, drawn again in place; lines that stay go above it. */
export const liveBlock = (
  output: Output,
  runs: readonly FollowedRun[],
  options: { readonly workers: number; readonly now: () => number; readonly colour: boolean },
): Omit<ProgressView, 'started' | 'progress'> & { draw(force?: boolean): void } => {
  const { workers, now, colour } = options;
  const start = now();
  const nameWidth = Math.max(...runs.map((run) => run.name.length));
  let drawn = 0;
  let lastDraw = Number.NEGATIVE_INFINITY;

  const summary = (): string => {
    const all = runs.reduce((sum, run) => sum + run.weight, 0);
    const done = runs.reduce((sum, run) => sum + run.weight * (run.state === 'ended' ? 1 : shareDone(run)), 0) / all;
    const width = Math.max(0, Math.min(BAR, (output.columns ?? 80) - WORDS));
    const filled = Math.round(width * done);
    const bar = styled(colour, '36', '━'.repeat(filled)) + styled(colour, '2', '─'.repeat(width - filled));
    const ended = runs.filter((run) => run.state === 'ended').length;
    const parts = [`${ended} of ${runs.length} runs`, `${duration(Math.round((now() - start) / 1000))} so far`];
    return `${bar} ${[...parts, left(studyTimeLeft(runs, workers, now()))].filter(Boolean).join(', ')}`;
  };
  const erase = (): void => {
    if (drawn > 0) output.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (force = false): void => {
    if (!force && now() - lastDraw < BETWEEN_FRAMES) return;
    lastDraw = now();
    const columns = output.columns ?? 80;
    const active = runs.filter((run) => run.state === 'active').map((run) => activeLine(run, nameWidth, now()));
    erase();
    // A line that wraps would break the count of lines to erase.
    output.write([...active.map((line) => line.slice(0, columns - 1)), summary()].map((line) => `${line}\n`).join(''));
    drawn = active.length + 1;
  };
  const note = (text: string): void => {
    erase();
    output.write(`${text}\n`);
    draw(true);
  };
  return {
    draw,
    note,
    ended: (result) => note(result.state === 'done' ? endLine(result) : styled(colour, '31', endLine(result))),
    close: erase,
  };
};
