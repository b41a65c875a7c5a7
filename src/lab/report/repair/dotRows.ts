/** Rows of values with their intervals on one axis: samplers side by side. */

import { short, tick } from '../../../latent/numbers/index.js';
import { type Drawn, drawing, line, px, text } from '../audit/drawing.js';
import type { Layer } from '../figures/theory/curve.js';
import { logTicks, niceSteps } from '../figures/ticks.js';
import { colour } from '../palette.js';

export interface DotRow {
  /** Lights up together with what else bears it. */
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly interval?: readonly [number, number];
  readonly colour: string;
  /** Drawn open: what is not to be chosen. */
  readonly open?: boolean;
  readonly weight?: number;
}

export interface DotAxis {
  /** What is shown, with its unit. */
  readonly label: string;
  readonly type: 'linear' | 'log';
  /** Values marked by an upright line. */
  readonly levels: readonly (Layer & { readonly value: number })[];
}

const ROW = 26;
const HEAD = 24;
const FOOT = 26;
/** About as wide as a character of 12.5 px. */
const CHARACTER = 6.9;
const VALUE = 62;
const DASHES = { dashed: '6 4', dotted: '0.1 5' } as const;

type Scale = (value: number) => number;

/** From the least to the largest of values, intervals and levels, with some room. */
const domainOf = (rows: readonly DotRow[], { type, levels }: DotAxis): readonly [number, number] => {
  const values = [
    ...rows.flatMap(({ value, interval }) => [value, ...(interval ?? [])]),
    ...levels.map(({ value }) => value),
  ];
  const used = type === 'log' ? values.filter((value) => value > 0) : values;
  const [low, high] = [Math.min(...used), Math.max(...used)];
  if (type === 'log') return [low / 1.3, Math.max(high, 1.01 * low) * 1.3];
  const room = 0.06 * Math.max(high - low, 1e-9);
  return [low - room, high + room];
};

const scaleOf = ([low, high]: readonly [number, number], left: number, right: number, type: DotAxis['type']): Scale => {
  const share = (value: number): number =>
    type === 'log' ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return (value) => left + Math.min(1, Math.max(0, share(value))) * (right - left);
};

const ticksOf = (domain: readonly [number, number], type: DotAxis['type'], room: number): number[] => {
  const count = Math.max(3, Math.floor(room / 64));
  if (type === 'linear') return niceSteps(...domain, count);
  const all = logTicks(domain);
  const every = Math.ceil(all.length / count);
  return all.filter((_, i) => i % every === 0);
};

const dot = ({ id, value, interval, colour: ink, open }: DotRow, x: Scale, y: number): string => {
  const bar = interval
    ? line(x(interval[0]), y, x(interval[1]), y, ink, ' stroke-width="2.5" stroke-opacity="0.55"')
    : '';
  const fill = open ? colour('ground') : ink;
  return `<g class="s s-${id}">${bar}<circle cx="${px(x(value))}" cy="${px(y)}" r="4.5" fill="${fill}" stroke="${ink}" stroke-width="2" /></g>`;
};

/** Names at the left, values at the right; on a narrow sheet the name stands over its row. */
export const dotRows = (rows: readonly DotRow[], axis: DotAxis, width: number): Drawn => {
  const longest = CHARACTER * Math.max(...rows.map(({ label }) => label.length));
  const above = longest > 0.45 * width;
  const row = above ? ROW + 16 : ROW;
  const left = above ? 4 : longest + 16;
  const right = width - VALUE;
  const bottom = HEAD + row * rows.length;
  const domain = domainOf(rows, axis);
  const x = scaleOf(domain, left + 6, right - 6, axis.type);
  const yOf = (i: number): number => HEAD + row * i + (above ? 28 : row / 2);
  const muted = { fill: colour('muted'), size: 12 };
  const grid = ticksOf(domain, axis.type, right - left)
    .map(
      (value) =>
        line(x(value), HEAD, x(value), bottom, colour('line')) +
        text(x(value), bottom + 16, tick(value), { ...muted, anchor: 'middle' }),
    )
    .join('');
  const levels = axis.levels
    .map(({ id, value, colour: ink, dash }) => {
      const dashes = dash ? ` stroke-dasharray="${DASHES[dash]}" stroke-linecap="round"` : '';
      return `<g class="s s-${id}">${line(x(value), HEAD - 4, x(value), bottom, ink, ` stroke-width="2"${dashes}`)}</g>`;
    })
    .join('');
  const names = rows
    .map(({ id, label, value, colour: ink, weight }, i) => {
      const y = above ? yOf(i) - 12 : yOf(i) + 4;
      const style = { size: 12.5, ...(weight !== undefined && { weight }) };
      const name = text(0, y, label, { ...style, fill: ink });
      return `<g class="s s-${id}">${name}${text(width, yOf(i) + 4, short(value), { ...style, anchor: 'end' })}</g>`;
    })
    .join('');
  const dots = rows.map((each, i) => dot(each, x, yOf(i))).join('');
  const label = text(0, 12, axis.label, { size: 13 });
  return drawing({ width, height: bottom + FOOT }, label + grid + levels + names + dots);
};
