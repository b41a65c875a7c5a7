import { tick } from '../../../../latent/numbers/index.js';
import type { Sheet } from '../../figures/figure.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import type { Size } from '../../figures/theory/frame.js';
import { colour } from '../../palette.js';
import { type Drawn, drawing, line, px, text } from '../drawing.js';

/** One small multiple: the same axes in every tile. */
export interface Tile {
  readonly title: string;
  readonly note: string;
  /** What is drawn, in pixels of the tile by the two scales. */
  body(x: (value: number) => number, y: (value: number) => number): string;
}

export interface TileAxes {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly xTicks: readonly number[];
  readonly yTicks?: readonly number[];
}

const HEAD = 20;
const FOOT = 18;

const drawTile = (tile: Tile, axes: TileAxes, { width, height }: Size, clip: string): Drawn => {
  const left = axes.yTicks ? 22 : 2;
  const right = width - 2;
  const bottom = height - FOOT;
  const x = (value: number): number => left + ((value - axes.x[0]) / (axes.x[1] - axes.x[0])) * (right - left);
  const y = (value: number): number => bottom - ((value - axes.y[0]) / (axes.y[1] - axes.y[0])) * (bottom - HEAD);
  const muted = { fill: colour('muted'), size: 11 };
  return drawing(
    { width, height },
    `<clipPath id="${clip}"><path d="M${px(left)},${HEAD}H${px(right)}V${px(bottom)}H${px(left)}Z" /></clipPath>` +
      text(2, 12, tile.title, { size: 12.5, weight: 600 }) +
      text(right, 12, tile.note, { ...muted, anchor: 'end' }) +
      `<g clip-path="url(#${clip})">${tile.body(x, y)}</g>` +
      line(left, bottom, right, bottom, colour('line')) +
      axes.xTicks
        .filter((value) => value >= axes.x[0] && value <= axes.x[1])
        .map((value) => text(x(value), bottom + 13, tick(value), { ...muted, anchor: 'middle' }))
        .join('') +
      (axes.yTicks ?? [])
        .map((value) => text(left - 5, y(value) + 4, tick(value), { ...muted, anchor: 'end' }))
        .join(''),
  );
};

/** Tiles in rows of `columns`, all as large as the sheet allows; `key` numbers their clip paths. */
export const tileSheet = (
  tiles: readonly Tile[],
  axes: TileAxes,
  { width, columns, aspect, key }: { width: number; columns: number; aspect: number; key: string },
): Sheet => {
  const tileWidth = Math.floor((width - 18 * (columns - 1)) / columns);
  const size = { width: tileWidth, height: Math.round(tileWidth * aspect) + HEAD + FOOT };
  const drawn = tiles.map((tile, i) => drawTile(tile, axes, size, `${key}-${i}`));
  const blank = drawing(size, '');
  const rows = Array.from({ length: Math.ceil(drawn.length / columns) }, (_, row) =>
    Array.from({ length: columns }, (_, column) => drawn[row * columns + column] ?? blank),
  );
  return rowsOf(width, rows);
};
