import type { Figure } from '../figures/index.js';
import { assemble, type Parts } from '../figures/theory/assemble.js';
import type { Layer } from '../figures/theory/curve.js';
import type { Size } from '../figures/theory/frame.js';
import { escapeHtml } from '../html.js';
import { colour } from '../palette.js';
import { resolveDiverging } from './diverging.js';

export interface Drawn extends Size {
  readonly svg: string;
}

export const CODES: Layer = { id: 'codes', label: 'codes z ~ q(z)', colour: colour('joint') };
export const PRIOR: Layer = { id: 'normal', label: 'N(0, I)', colour: colour('normal'), dash: 'dotted' };
export const HOLES: Layer = { id: 'holes', label: 'prior draws in a hole', colour: colour('encoder-analytic') };

/** A panel without axes. */
export const drawing = (size: Size, body: string): Drawn => ({
  ...size,
  svg:
    `<svg class="panel" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" ` +
    `font-family="system-ui, sans-serif">${body}</svg>`,
});

export interface TextStyle {
  readonly fill?: string;
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
}

/** Lengths to a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

export const text = (
  x: number,
  y: number,
  words: string,
  { fill = colour('ink'), size = 12, anchor = 'start', weight }: TextStyle = {},
): string =>
  `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${fill}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}` +
  `${weight === undefined ? '' : ` font-weight="${weight}"`}>${escapeHtml(words)}</text>`;

export const rect = (x: number, y: number, width: number, height: number, fill: string, more = ''): string =>
  `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${fill}"${more} />`;

export const line = (x1: number, y1: number, x2: number, y2: number, stroke: string, more = ''): string =>
  `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" stroke="${stroke}"${more} />`;

/** A figure of the audit: its file takes the colours of the diverging map too. */
export const auditFigure = (parts: Parts): Figure => {
  const figure = assemble(parts);
  // Resolving the palette first would leave the map's colours as they are.
  return { ...figure, svg: (theme) => resolveDiverging(figure.svg(theme), theme) };
};

/** Points of a path, `M` and `L`; those that are not finite are left out. */
export const path = (points: readonly (readonly [number, number])[]): string =>
  points
    .filter(([x, y]) => Number.isFinite(x + y))
    .map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)},${px(y)}`)
    .join('');
