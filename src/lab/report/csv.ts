import type { Study } from '../studies/study.js';
import { quantities } from './series.js';

type Cell = string | number;

const cell = (value: Cell): string => {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
};

/** Comma-separated values as of RFC 4180 with `\n` line ends; a number that is not finite leaves an empty cell. */
export const csv = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');

/**
 * Every evaluation of every run, one line each: `curves.csv`.
 *
 * Columns: run, regime, kl, seed, step (optimizer steps taken), epoch (may be fractional), then for each of rate,
 * rateMc, score, elbo, momentKl and momentKlDraws the mean, its standard error (`_se`) and the number of values (`_n`).
 * Units:   nats per image. On grey-scale data score is minus the cross-entropy.
 */
export const curvesCsv = (study: Study): string =>
  csv(
    [
      'run',
      'regime',
      'kl',
      'seed',
      'step',
      'epoch',
      ...quantities.flatMap((name) => [name, `${name}_se`, `${name}_n`]),
    ],
    study.runs.flatMap((run) =>
      run.curve.map((point) => [
        run.name,
        run.regime,
        run.kl,
        run.seed,
        point.step,
        point.epoch,
        ...quantities.flatMap((name) => [point[name].value, point[name].se, point[name].n]),
      ]),
    ),
  );
