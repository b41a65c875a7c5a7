import { plain } from '../../figures/theory/frame.js';
import { colour } from '../../palette.js';
import { STEPS, stepColour, stepOf } from '../diverging.js';
import { type Drawn, drawing, px, rect, text } from '../drawing.js';

export interface Matrix {
  /** Row by row; NaN leaves a cell in the colour of the surface. */
  readonly values: readonly (readonly number[])[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** The value at either end of the colours. */
  readonly limit: number;
  readonly width: number;
  /** Cells are no higher than this. */
  readonly tallest?: number;
}

const LEFT = 34;
const TOP = 20;

/** Every how many-th label has room. */
const everyNth = (size: number, room: number): number => Math.max(1, Math.ceil(room / size));

/** Cells in the colours of the diverging map, one path a colour. */
export const matrixPanel = ({ values, rows, columns, limit, width, tallest = 48 }: Matrix): Drawn => {
  const cell = Math.min((width - LEFT) / columns.length, 96);
  const tall = Math.min(cell, tallest);
  const paths = new Map<string, string>();
  values.forEach((row, i) => {
    row.forEach((value, j) => {
      const fill = Number.isNaN(value) ? colour('surface') : stepColour(stepOf(value, limit));
      const at = `M${px(LEFT + j * cell)},${px(TOP + i * tall)}h${px(cell)}v${px(tall)}h${px(-cell)}z`;
      paths.set(fill, (paths.get(fill) ?? '') + at);
    });
  });
  const right = LEFT + columns.length * cell;
  const bottom = TOP + rows.length * tall;
  const muted = { fill: colour('muted'), size: 11 } as const;
  const [down, across] = [everyNth(tall, 13), everyNth(cell, 30)];
  return drawing(
    { width, height: Math.ceil(bottom) + 2 },
    [...paths].map(([fill, d]) => `<path d="${d}" fill="${fill}" shape-rendering="crispEdges" />`).join('') +
      `<path d="M${LEFT},${TOP}H${px(right)}V${px(bottom)}H${LEFT}Z" fill="none" stroke="${colour('line')}" />` +
      rows
        .map((row, i) =>
          i % down === 0 ? text(LEFT - 6, TOP + (i + 0.5) * tall + 4, row, { ...muted, anchor: 'end' }) : '',
        )
        .join('') +
      columns
        .map((column, j) =>
          j % across === 0 && LEFT + (j + 0.5) * cell + 3.5 * column.length <= width
            ? text(LEFT + (j + 0.5) * cell, TOP - 7, column, { ...muted, anchor: 'middle' })
            : '',
        )
        .join(''),
  );
};

/** The colours with the values at their ends and in the middle. */
export const colourKey = (label: string, limit: number, width: number): Drawn => {
  const cells = 2 * STEPS + 1;
  const bar = Math.min(width, 340);
  const size = bar / cells;
  const muted = { fill: colour('muted'), size: 12 } as const;
  return drawing(
    { width, height: 50 },
    text(0, 12, label, { size: 13 }) +
      Array.from({ length: cells }, (_, i) => rect(i * size, 20, size + 0.3, 12, stepColour(i - STEPS))).join('') +
      `<path d="M0.5,20.5H${px(bar)}V31.5H0.5Z" fill="none" stroke="${colour('line')}" />` +
      text(0, 46, plain(-limit), muted) +
      text(bar / 2, 46, '0', { ...muted, anchor: 'middle' }) +
      text(bar, 46, `+${plain(limit)}`, { ...muted, anchor: 'end' }),
  );
};

/** The least of 1, 2, 4 times a power of ten (halves with it) that is at least a value. */
export const evenLimit = (value: number): number => {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 4, 8, 10].find((digit) => digit * power >= value * (1 - 1e-9)) ?? 10);
};
