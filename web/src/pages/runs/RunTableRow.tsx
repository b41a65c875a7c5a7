import { memo } from 'preact/compat';
import { integer, short, withInterval } from '../../../../src/latent/numbers/index.js';
import { Chip } from '../../runs/Chip.js';
import { Sparkline } from '../../runs/Sparkline.js';
import { COLUMNS, type Column, cellText } from './columns.js';
import { averaged, meanOf, type TableRow } from './select.js';
import { MOST_COMPARED, table } from './state.js';

const runAddress = (key: string): string => `#/run?key=${key}`;

/** Words of all runs of a row, with how many have them where they differ. */
const tallied = (words: readonly string[]): (readonly [string, number])[] => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts];
};

const Chips = ({ words }: { readonly words: readonly string[] }) => (
  <>
    {tallied(words).map(([word, count]) => (
      <Chip key={word} word={word}>
        {words.length > 1 && count < words.length ? `${word} ${count}` : word}
      </Chip>
    ))}
  </>
);

/** `−92.1 ± 1.9`; of one run the value, whose interval is told on its page. */
const Measured = ({ column, row: { runs } }: { readonly column: Column; readonly row: TableRow }) => {
  const interval = meanOf(column, runs);
  if (!interval) return null;
  const several = averaged(runs).length > 1;
  return <>{several ? withInterval(interval) : short(interval.value)}</>;
};

const Cell = ({
  column,
  row,
  grouped,
}: {
  readonly column: Column;
  readonly row: TableRow;
  readonly grouped: boolean;
}) => {
  const { runs } = row;
  const [run] = runs as [TableRow['runs'][number]];
  switch (column.id) {
    case 'name':
      return (
        <th scope="row" class="name" title={run.error ? `${run.folder}: ${run.error}` : run.folder}>
          <a href={runAddress(run.key)}>{grouped ? run.name.replace(/-seed\d+$/, '') : run.name}</a>
          {grouped && <small> n = {averaged(runs).length}</small>}
        </th>
      );
    case 'verdict':
      return (
        <td>
          <Chips words={runs.flatMap(({ verdict }) => verdict ?? [])} />
        </td>
      );
    case 'state':
      return (
        <td>
          <Chips words={runs.map(({ state }) => state)} />
        </td>
      );
    case 'elbo':
      return (
        <td class="number">
          <span class="trend">
            <Sparkline values={run.sparkline} />
            <Measured column={column} row={row} />
          </span>
        </td>
      );
    case 'seed':
      return <td class="number">{runs.map(({ seed }) => seed).join(', ')}</td>;
    default: {
      if (column.measured) {
        return (
          <td class="number">
            <Measured column={column} row={row} />
          </td>
        );
      }
      const numeric = typeof column.value(run) === 'number';
      return <td class={numeric ? 'number' : undefined}>{cellText(column, run)}</td>;
    }
  }
};

const choose = (row: TableRow, on: boolean): void => {
  const keys = row.runs.map(({ key }) => key);
  const others = table.read().chosen.filter((key) => !keys.includes(key));
  table.set({ chosen: on ? [...others, ...keys].slice(0, MOST_COMPARED) : others });
};

interface RowProps {
  readonly row: TableRow;
  readonly place: number;
  readonly chosen: boolean;
  readonly full: boolean;
  readonly grouped: boolean;
}

const Cells = ({ row, place, chosen, full, grouped }: RowProps) => (
  <tr aria-rowindex={place}>
    <td class="choose">
      <input
        type="checkbox"
        checked={chosen}
        disabled={full && !chosen}
        aria-label={`Compare ${row.runs[0]!.name}, seed ${row.runs.map(({ seed }) => integer(seed)).join(', ')}`}
        onChange={(event) => choose(row, event.currentTarget.checked)}
      />
    </td>
    {COLUMNS.map((column) => (
      <Cell key={column.id} column={column} row={row} grouped={grouped} />
    ))}
  </tr>
);

/** Scrolling and choosing redraw only the rows that change. */
const Kept = memo(
  Cells,
  (a, b) =>
    a.place === b.place &&
    a.chosen === b.chosen &&
    a.full === b.full &&
    a.grouped === b.grouped &&
    a.row.runs.length === b.row.runs.length &&
    a.row.runs.every((run, i) => run === b.row.runs[i]),
);

export const RunTableRow = ({ row, place }: Pick<RowProps, 'row' | 'place'>) => {
  const { chosen, by } = table.read();
  return (
    <Kept
      row={row}
      place={place}
      chosen={row.runs.some(({ key }) => chosen.includes(key))}
      full={chosen.length >= MOST_COMPARED}
      grouped={by === 'seeds'}
    />
  );
};
