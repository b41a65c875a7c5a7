import { csv } from '../report/csv.js';
import { quantities } from '../report/series.js';
import type { SweepResult } from './result.js';
import type { ResultStore } from './store/resultStore.js';

const cell = (value: unknown): string | number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string'
      ? value
      : value === undefined
        ? ''
        : JSON.stringify(value);

/**
 * One line each job: `sweep.csv`.
 *
 * Columns: job, run, state, attempts, the keys that vary, then for each of rate, rateMc, score, elbo, momentKl and
 * momentKlDraws the mean on the test set, its standard error (`_se`) and the number of values (`_n`); steps, seconds,
 * folder, reason. Units: nats per image.
 */
export const sweepCsv = ({ rows }: SweepResult): string => {
  const keys = [...new Set(rows.flatMap(({ varied }) => Object.keys(varied)))];
  const measured = quantities.flatMap((name) => [name, `${name}_se`, `${name}_n`]);
  return csv(
    ['job', 'run', 'state', 'attempts', ...keys, ...measured, 'steps', 'seconds', 'folder', 'reason'],
    rows.map((row) => [
      row.job,
      row.name,
      row.state,
      row.attempts,
      ...keys.map((key) => cell(row.varied[key])),
      ...quantities.flatMap((name) => [
        cell(row.final?.[name]?.value),
        cell(row.final?.[name]?.se),
        cell(row.final?.[name]?.n),
      ]),
      cell(row.steps),
      cell(row.seconds),
      row.folder ?? '',
      row.reason ?? '',
    ]),
  );
};

export const sweepJson = (result: SweepResult): string => `${JSON.stringify(result, null, 2)}\n`;

/** Writes `sweep.json` and `sweep.csv`. */
export const writeSweep = async (store: ResultStore, result: SweepResult): Promise<void> => {
  await store.replace('sweep.json', sweepJson(result));
  await store.replace('sweep.csv', sweepCsv(result));
};
