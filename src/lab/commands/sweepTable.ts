import { duration, interval, withInterval } from '../../latent/numbers/index.js';
import type { SweepResult, SweepRow } from '../sweep/result.js';
import { type DoneRow, meanOf, type Quantity, settingsOf } from '../sweep/settings.js';
import { columns } from './table.js';

const NUMBERS = ['rate', 'score', 'elbo'] as const;
const HEADER = ['rate', 'score', 'ELBO'];

/** Each job with its values on the test set; nats per image, with 95% intervals. */
const jobTable = (rows: readonly SweepRow[]): string =>
  columns([
    ['run', 'state', 'attempts', ...HEADER, 'time'],
    ...rows.map(({ name, state, attempts, final, seconds }) => [
      ...[name, state, String(attempts)],
      ...NUMBERS.map((quantity) => (final ? withInterval(interval([final[quantity]])) : '')),
      seconds === undefined ? '' : duration(seconds),
    ]),
  ]);

/** Means over seeds with 95% intervals from the spread between them, the best first; empty where there is one configuration. */
const settingTable = (rows: readonly SweepRow[]): string => {
  const settings = settingsOf(rows);
  if (settings.length < 2 || !settings.some(({ done }) => done.length > 0)) return '';
  const holes = settings.some(({ done }) => meanOf(done, 'holeMass'));
  const told = (done: readonly DoneRow[], quantity: Quantity): string => {
    const mean = meanOf(done, quantity);
    return mean ? withInterval(mean) : '';
  };
  return columns([
    ['configuration, best ELBO first', 'seeds', ...HEADER, ...(holes ? ['hole mass'] : [])],
    ...settings.map(({ name, done }) => [
      ...[name, String(done.length)],
      ...[...NUMBERS, ...(holes ? (['holeMass'] as const) : [])].map((quantity) => told(done, quantity)),
    ]),
  ]);
};

const counted = (rows: readonly SweepRow[], state: SweepRow['state'], words: string): string[] => {
  const count = rows.filter((row) => row.state === state).length;
  return count > 0 ? [`${count} ${words}`] : [];
};

/** `24 runs: 22 done, 2 diverged`. */
export const sweepCounts = ({ rows }: SweepResult): string => {
  const counts = [
    ...counted(rows, 'done', 'done'),
    ...counted(rows, 'diverged', 'diverged'),
    ...counted(rows, 'failed', 'failed'),
    ...counted(rows, 'open', 'not done'),
  ];
  return `${rows.length} ${rows.length === 1 ? 'run' : 'runs'}: ${counts.join(', ')}`;
};

export const sweepTable = (result: SweepResult): string =>
  [jobTable(result.rows), settingTable(result.rows), `${sweepCounts(result)}\n`].filter(Boolean).join('\n');
