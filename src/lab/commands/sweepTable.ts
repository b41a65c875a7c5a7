import { duration, interval, withInterval } from '../../latent/numbers/index.js';
import type { Estimate, FinalValues } from '../studies/study.js';
import type { SweepResult, SweepRow } from '../sweep/result.js';
import { columns } from './table.js';

const QUANTITIES = ['rate', 'score', 'elbo'] as const;
const HEADER = ['rate', 'score', 'ELBO'];

const cell = (estimates: readonly (Estimate | undefined)[]): string => {
  const known = estimates.filter((estimate) => estimate !== undefined);
  return known.length === 0 ? '' : withInterval(interval(known));
};
const cells = (finals: readonly FinalValues[]): string[] =>
  QUANTITIES.map((name) => cell(finals.map((final) => final[name])));

/** Each job with its values on the test set; nats per image, with 95% intervals. */
const jobTable = (rows: readonly SweepRow[]): string =>
  columns([
    ['run', 'state', 'attempts', ...HEADER, 'time'],
    ...rows.map(({ name, state, attempts, final, seconds }) => [
      ...[name, state, String(attempts), ...cells(final ? [final] : [])],
      seconds === undefined ? '' : duration(seconds),
    ]),
  ]);

/** Rows whose varied keys, but for the seed, are equal. */
const bySetting = (rows: readonly SweepRow[]): Map<string, SweepRow[]> => {
  const groups = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const { seed: _seed, ...others } = row.varied;
    const key = JSON.stringify(others);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
};

const settingName = ({ name }: SweepRow): string => name.replace(/,?seed=\d+(#\d+)?$/, '') || 'all';

/** Means over seeds with 95% intervals from the spread between them; empty where no configuration has several. */
const seedTable = (rows: readonly SweepRow[]): string => {
  const groups = [...bySetting(rows).values()].map((group) => ({ group, done: group.filter(({ final }) => final) }));
  if (!groups.some(({ done }) => done.length > 1)) return '';
  return columns([
    ['configuration', 'seeds', ...HEADER],
    ...groups.map(({ group, done }) => [
      ...[settingName(group[0]!), String(done.length), ...cells(done.map(({ final }) => final!))],
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
  [jobTable(result.rows), seedTable(result.rows), `${sweepCounts(result)}\n`].filter(Boolean).join('\n');
