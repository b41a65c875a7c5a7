/** Which runs a table shows, in which order, and as which rows. */
import type { RunRow } from '../../../../src/lab/server/contract.js';
import { type Interval, interval } from '../../../../src/latent/numbers/index.js';
import { kindOf } from '../../runs/look.js';
import { type Column, columnNamed } from './columns.js';
import type { TableValues } from './state.js';

/** What a run without an audit is filtered by. */
export const NOT_AUDITED = 'not audited';

export interface TableRow {
  readonly key: string;
  /** One run, or all that differ in nothing but the seed, in the order of seeds. */
  readonly runs: readonly RunRow[];
}

/** Lower-case text of a run that words are looked for in; made once a run. */
const texts = new WeakMap<RunRow, string>();
const textOf = (run: RunRow): string => {
  const known = texts.get(run);
  if (known !== undefined) return known;
  const { key, folder, name, state, error, preset, data, verdict, seed } = run;
  const parts = [key, folder, name, state, error, kindOf(run), preset, data, verdict ?? NOT_AUDITED, `seed ${seed}`];
  const text = parts.join('\n').toLowerCase();
  texts.set(run, text);
  return text;
};

type Filters = Pick<TableValues, 'q' | 'state' | 'regime' | 'data' | 'verdict'>;

export const filtered = (all: readonly RunRow[], { q, state, regime, data, verdict }: Filters): RunRow[] => {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(
    (run) =>
      (state === '' || run.state === state) &&
      (regime === '' || run.regime === regime) &&
      (data === '' || run.data === data) &&
      (verdict === '' || (run.verdict ?? NOT_AUDITED) === verdict) &&
      words.every((word) => textOf(run).includes(word)),
  );
};

/** The runs that a mean is taken over: those that are done; where none is, all that were evaluated. */
export const averaged = (runs: readonly RunRow[]): readonly RunRow[] => {
  const measured = runs.filter(({ final }) => final !== undefined);
  const done = measured.filter(({ state }) => state === 'done');
  return done.length > 0 ? done : measured;
};

/** Mean and 95% interval over seeds by Student's t; of one run, of its test images. Undefined where nothing was measured. */
export const meanOf = ({ measured }: Column, runs: readonly RunRow[]): Interval | undefined => {
  const found = measured ? averaged(runs).map((run) => measured(run)!) : [];
  return found.length > 0 ? interval(found) : undefined;
};

/** What a row is sorted by. */
const sortedBy = (column: Column, { runs }: TableRow): number | string | undefined =>
  runs.length > 1 && column.measured ? meanOf(column, runs)?.value : column.value(runs[0]!);

const collator = new Intl.Collator('en', { numeric: true });

/** Rows in the order of a column; those without a value last, whichever the direction. */
export const sorted = (rows: readonly TableRow[], sort: string, order: 'down' | 'up'): TableRow[] => {
  const column = columnNamed(sort);
  const sign = order === 'up' ? 1 : -1;
  const keyed = rows.map((row) => ({ row, by: sortedBy(column, row) }));
  keyed.sort((a, b) => {
    if (a.by === undefined || b.by === undefined) return Number(a.by === undefined) - Number(b.by === undefined);
    if (typeof a.by === 'number' && typeof b.by === 'number') return sign * (a.by - b.by);
    // Times as ISO 8601 are in order as they stand; comparing by the rules of a language takes ten times as long.
    const [left, right] = [String(a.by), String(b.by)];
    return (
      sign * (column.id === 'started' ? Number(left > right) - Number(left < right) : collator.compare(left, right))
    );
  });
  return keyed.map(({ row }) => row);
};

const grouped = (runs: readonly RunRow[]): TableRow[] => {
  const groups = new Map<string, RunRow[]>();
  for (const run of runs) {
    const members = groups.get(run.group);
    if (members) members.push(run);
    else groups.set(run.group, [run]);
  }
  return [...groups].map(([key, members]) => ({ key, runs: members.toSorted((a, b) => a.seed - b.seed) }));
};

export const rowsOf = (all: readonly RunRow[], values: TableValues): TableRow[] => {
  const runs = filtered(all, values);
  const rows = values.by === 'seeds' ? grouped(runs) : runs.map((run) => ({ key: run.key, runs: [run] }));
  return sorted(rows, values.sort, values.order);
};
