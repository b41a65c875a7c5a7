import { type Figure, inlineSheet, type LegendEntry, type Placed, type Sheet, standaloneSheet } from '../figure.js';
import type { Layer } from './curve.js';
import type { Size } from './frame.js';

/** A figure's words, and its pictures for a wide and a narrow page. */
export interface Parts extends Pick<Figure, 'name' | 'title' | 'answer' | 'reading' | 'description' | 'csv'> {
  readonly layers: readonly Layer[];
  readonly wide: Sheet;
  readonly narrow: Sheet;
}

const entry = ({ id, label, colour, dash }: Layer): LegendEntry => ({ id, label, colour, stroke: dash ?? 'solid' });

/** The point stays on one line. */
const unbroken = (text: string): string => text.replaceAll('(0, 1)', '(0,\u00a01)');

export const assemble = ({ layers, wide, narrow, ...words }: Parts): Figure => ({
  ...words,
  answer: unbroken(words.answer),
  reading: unbroken(words.reading),
  wide: inlineSheet(`${words.name}-wide`, words.title, words.description, wide),
  narrow: inlineSheet(`${words.name}-narrow`, words.title, words.description, narrow),
  legend: layers.map(entry),
  svg: (theme) => standaloneSheet(words.name, words.title, words.description, wide, theme),
});

/** Between panels, pixels. */
export const GAP = 24;

/** Rows of panels, each from left to right, one row under the other. */
export const rowsOf = (width: number, rows: readonly (readonly (Size & { readonly svg: string })[])[]): Sheet => {
  const panels: Placed[] = [];
  let y = 0;
  for (const row of rows) {
    const spare = width - row.reduce((sum, panel) => sum + panel.width, 0);
    let x = 0;
    for (const panel of row) {
      panels.push({ svg: panel.svg, x: Math.round(x), y });
      x += panel.width + spare / Math.max(1, row.length - 1);
    }
    y += Math.max(...row.map((panel) => panel.height)) + GAP;
  }
  return { width, height: y - GAP, panels };
};

/** To seven digits: what a table of drawn values needs. */
export const rounded = (value: number): number => Number(value.toPrecision(7));
