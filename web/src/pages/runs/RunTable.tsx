import { useEffect, useRef, useState } from 'preact/hooks';
import { COLUMNS, widthOf } from './columns.js';
import { RunTableRow } from './RunTableRow.js';
import type { TableRow } from './select.js';
import { table } from './state.js';

/** Pixels: every row has it, so that a row's place follows from its number. */
const ROW = 36;
const BOX = 40;
/** Rows beyond the edge that are there before they are seen. */
const SPARE = 12;
/** Rows that come and go at once, so that most scrolling changes nothing. */
const BLOCK = 8;

const WIDTH = COLUMNS.reduce((sum, column) => sum + widthOf(column), BOX);

const HeadCell = ({ id, title, unit }: (typeof COLUMNS)[number]) => {
  const { sort, order } = table.read();
  const sorted = sort === id;
  const next = sorted && order === 'down' ? 'up' : 'down';
  return (
    <th scope="col" class={id} aria-sort={sorted ? (order === 'up' ? 'ascending' : 'descending') : undefined}>
      <button type="button" class="sort" onClick={() => table.set({ sort: id, order: next })}>
        {title}
        {unit && <small>, {unit}</small>}
        {sorted && <span aria-hidden="true">{order === 'up' ? ' ↑' : ' ↓'}</span>}
      </button>
    </th>
  );
};

/** Rows of a table of any length: only those near what is seen are on the page. */
export const RunTable = ({ rows }: { readonly rows: readonly TableRow[] }) => {
  const box = useRef<HTMLElement>(null);
  const [seen, setSeen] = useState({ first: 0, count: 40 });
  const { sort, order, by } = table.read();

  const look = (): void => {
    // A table that is left is measured once more.
    if (!box.current) return;
    const { scrollTop, clientHeight } = box.current;
    const first = Math.max(0, Math.floor(scrollTop / ROW / BLOCK) * BLOCK - SPARE);
    const count = Math.ceil(clientHeight / ROW / BLOCK) * BLOCK + BLOCK + 2 * SPARE;
    setSeen((before) => (before.first === first && before.count === count ? before : { first, count }));
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    box.current!.scrollTop = 0;
    look();
  }, [sort, order, by]);

  const first = Math.min(seen.first, Math.max(0, rows.length - seen.count));
  const shown = rows.slice(first, first + seen.count);
  const below = rows.length - first - shown.length;
  const spacer = (count: number) => count > 0 && <tr style={{ height: `${count * ROW}px` }} />;
  return (
    <section class="runs-box" ref={box} onScroll={look} aria-label="Table of runs">
      <table class="runs" style={{ width: `${WIDTH}px` }} aria-rowcount={rows.length + 1}>
        <colgroup>
          <col style={{ width: `${BOX}px` }} />
          {COLUMNS.map((column) => (
            <col key={column.id} style={{ width: `${widthOf(column)}px` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" class="choose">
              <span class="unseen">Compare</span>
            </th>
            {COLUMNS.map((column) => (
              <HeadCell key={column.id} {...column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {spacer(first)}
          {shown.map((row, i) => (
            <RunTableRow key={row.key} row={row} place={first + i + 2} />
          ))}
          {spacer(below)}
        </tbody>
      </table>
    </section>
  );
};
