import { duration, integer, interval, withInterval } from '../../latent/numbers/index.js';
import { type ScoreWords, scoreWords } from '../report/words.js';
import type { Estimate, RunResult, Study } from '../studies/study.js';

/** Cells in columns, the first to the left and the others to the right, two spaces between. */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
};

const estimate = (value: Estimate | undefined, sign = 1): string =>
  value === undefined ? '' : withInterval(interval([{ ...value, value: sign * value.value }]));

const row = (run: RunResult, { sign }: ScoreWords): string[] => [
  run.name,
  run.state,
  estimate(run.final?.rate),
  estimate(run.final?.rateMc),
  estimate(run.final?.score, sign),
  estimate(run.final?.elbo, sign),
  integer(run.steps),
  run.msPerStep.toFixed(2),
  duration(run.seconds),
];

/** The runs with their values on the test set; nats, with 95% intervals. */
export const runTable = (runs: readonly RunResult[], binarisation: Study['data']['binarisation']): string => {
  const words = scoreWords(binarisation);
  const header = ['run', 'state', 'rate', 'rate (MC)', words.score, words.elbo, 'steps', 'ms/step', 'time'];
  return columns([header, ...runs.map((run) => row(run, words))]);
};
