/** What a sweep found, as dots with intervals: its configurations, and the values of each key that varies. */

import type { Interval } from '../../../latent/numbers/index.js';
import { withInterval } from '../../../latent/numbers/index.js';
import type { SweepResult, SweepRow } from '../../sweep/result.js';
import { type DoneRow, isDone, meanOf, type Quantity, settingsOf } from '../../sweep/settings.js';
import { csv } from '../csv.js';
import type { Figure } from '../figures/index.js';
import { assemble, rowsOf } from '../figures/theory/assemble.js';
import { colour } from '../palette.js';
import { type DotRow, dotRows } from '../repair/dotRows.js';

/** More rows than these are no longer read: the best are drawn, and values of a key are put together. */
const MOST = 16;

/** Rows of the sweep that a dot stands for. */
interface Group {
  readonly label: string;
  readonly rows: readonly DoneRow[];
}

const PANELS: readonly { readonly quantity: Quantity; readonly label: string }[] = [
  { quantity: 'elbo', label: 'ELBO on the test set  (nats an image, higher is better)' },
  { quantity: 'holeMass', label: 'hole mass  (share of draws of N(0, I), lower is better)' },
];

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const labelled = ({ label, rows }: Group): string => (rows.length > 1 ? `${label}  (n = ${rows.length})` : label);

const dotOf = (group: Group, i: number, { value, half }: Interval): DotRow => ({
  id: `g${i}`,
  label: labelled(group),
  value,
  interval: [value - half, value + half],
  colour: colour('ink'),
});

const panelsOf = (groups: readonly Group[], width: number) =>
  PANELS.flatMap(({ quantity, label }) => {
    const dots = groups.flatMap((group, i) => {
      const mean = meanOf(group.rows, quantity);
      return mean ? [dotOf(group, i, mean)] : [];
    });
    return dots.length === 0 ? [] : [[dotRows(dots, { label, type: 'linear', levels: [] }, width)]];
  });

const dataOf = (groups: readonly Group[]): string =>
  csv(
    ['group', 'n', ...PANELS.flatMap(({ quantity }) => [quantity, `${quantity}_half_95`])],
    groups.map(({ label, rows }) => [
      ...[label, rows.length],
      ...PANELS.flatMap(({ quantity }): (number | string)[] => {
        const mean = meanOf(rows, quantity);
        return mean ? [mean.value, mean.half] : ['', ''];
      }),
    ]),
  );

const elboText = ({ rows }: Group): string => withInterval(meanOf(rows, 'elbo')!);

const overlap = (better: Group, worse: Group): boolean => {
  const [a, b] = [meanOf(better.rows, 'elbo')!, meanOf(worse.rows, 'elbo')!];
  return a.value - a.half < b.value + b.half;
};

const chart = (groups: readonly Group[], words: Pick<Figure, 'name' | 'title' | 'answer' | 'reading'>): Figure =>
  assemble({
    ...words,
    description: `ELBO in nats an image: ${groups.map((group) => `${group.label} ${elboText(group)}`).join('; ')}.`,
    csv: dataOf(groups),
    layers: [],
    wide: rowsOf(960, panelsOf(groups, 960)),
    narrow: rowsOf(348, panelsOf(groups, 348)),
  });

/** The configurations, the best first; undefined where none has a result. */
export const settingsChart = ({ rows }: SweepResult): Figure | undefined => {
  const groups = settingsOf(rows).filter(({ done }) => done.length > 0);
  if (groups.length === 0) return undefined;
  const drawn = groups.slice(0, MOST).map(({ name, done }): Group => ({ label: name, rows: done }));
  const [first, second] = drawn;
  const against = second
    ? `, before ${second.label} with ${elboText(second)}${overlap(first!, second) ? '; their intervals overlap' : ''}`
    : '';
  const left = groups.length > MOST ? ` The best ${MOST} of ${groups.length} are drawn.` : '';
  return chart(drawn, {
    name: 'configurations',
    title: 'Which configuration is best?',
    answer: `${first!.label} has the highest ELBO: ${elboText(first!)} nats an image${against}.`,
    reading: `Means over seeds; bars are 95% intervals, by Student’s t from the spread between seeds, or of the test images where there is one seed. The best of many is partly the luckiest: its value is likely to be lower in a new run.${left}`,
  });
};

/** Values of a key in their order, each with its rows; many numbers are put into ranges of about equally many rows. */
const valuesOf = (key: string, rows: readonly DoneRow[]): Group[] => {
  const groups = new Map<string, { readonly value: unknown; readonly rows: DoneRow[] }>();
  for (const row of rows) {
    const value = row.varied[key];
    const group = groups.get(shown(value)) ?? { value, rows: [] };
    group.rows.push(row);
    groups.set(shown(value), group);
  }
  const all = [...groups.values()];
  const numeric = all.every(({ value }) => typeof value === 'number');
  if (!numeric) return all.slice(0, MOST).map((group) => ({ label: shown(group.value), rows: group.rows }));
  all.sort((a, b) => Number(a.value) - Number(b.value));
  if (all.length <= MOST) return all.map((group) => ({ label: shown(group.value), rows: group.rows }));
  const parts = MOST / 2;
  return Array.from({ length: parts }, (_, i): Group => {
    const part = all.slice(Math.round((i * all.length) / parts), Math.round(((i + 1) * all.length) / parts));
    const [low, high] = [part[0]!.value, part.at(-1)!.value].map((value) => Number(Number(value).toPrecision(3)));
    return { label: `${low} … ${high}`, rows: part.flatMap((group) => group.rows) };
  });
};

const nameOf = (key: string): string => `by-${key.replace(/[^A-Za-z0-9]+/g, '-')}`;

/** A chart for each key that varies, but for the seed, and has several values. */
export const keyCharts = ({ rows }: SweepResult): { readonly key: string; readonly figure: Figure }[] => {
  const done = rows.filter(isDone);
  const keys = [...new Set(done.flatMap(({ varied }: SweepRow) => Object.keys(varied)))];
  return keys.flatMap((key) => {
    const groups = valuesOf(
      key,
      done.filter(({ varied }) => key in varied),
    );
    if (key === 'seed' || groups.length < 2) return [];
    const best = [...groups].sort((a, b) => meanOf(b.rows, 'elbo')!.value - meanOf(a.rows, 'elbo')!.value)[0]!;
    const figure = chart(groups, {
      name: nameOf(key),
      title: `What does ${key} change?`,
      answer: `Over all other settings, ${key} = ${best.label} has the highest mean ELBO: ${elboText(best)} nats an image.`,
      reading: `Each dot is the mean over all runs with this value, whatever their other settings and seeds; bars are 95% intervals, by Student’s t from the spread between these runs, and so hold what the other settings change. Diverged and failed runs are left out.`,
    });
    return [{ key, figure }];
  });
};
