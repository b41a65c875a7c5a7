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

const HOLES = ['holeMass', 'holeMass_se', 'holeMass_n'];

/**
 * One line each job: `sweep.csv`.
 *
 * Columns: job, run, state, attempts, the keys that vary, then for each of rate, rateMc, score, elbo, momentKl and
 * momentKlDraws the mean on the test set, its standard error (`_se`) and the number of values (`_n`), nats per image;
 * the same of holeMass, a share; steps, seconds, folder, reason.
 */
export const sweepCsv = ({ rows }: SweepResult): string => {
  const keys = [...new Set(rows.flatMap(({ varied }) => Object.keys(varied)))];
  const measured = quantities.flatMap((name) => [name, `${name}_se`, `${name}_n`]);
  return csv(
    ['job', 'run', 'state', 'attempts', ...keys, ...measured, ...HOLES, 'steps', 'seconds', 'folder', 'reason'],
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
      ...[row.holeMass?.value, row.holeMass?.se, row.holeMass?.n].map(cell),
      cell(row.steps),
      cell(row.seconds),
      row.folder ?? '',
      row.reason ?? '',
    ]),
  );
};

export const sweepJson = (result: SweepResult): string => `${JSON.stringify(result, null, 2)}\n`;

/** Writes `sweep.json`, `sweep.csv` and the page `sweep.html`. */
export const writeSweep = async (store: ResultStore, result: SweepResult, page: string): Promise<void> => {
  await store.replace('sweep.json', sweepJson(result));
  await store.replace('sweep.csv', sweepCsv(result));
  await store.replace('sweep.html', page);
};
