import { escapeHtml } from '../html.js';
import { colour } from '../palette.js';
import { type Picture, sourceOf } from '../picture.js';
import { standaloneSheet } from './figure.js';

/** The grids of one run, side by side. */
export interface SheetRow {
  readonly label: string;
  readonly colour: string;
  readonly pictures: readonly Picture[];
}

const gap = 12;
const text = (x: number, y: number, size: number, fill: string, words: string): string =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}">${escapeHtml(words)}</text>`;

/** Image grids as one SVG file that carries its pictures; undefined when there is none to show. */
export const imageSheet = (
  name: string,
  title: string,
  description: string,
  rows: readonly SheetRow[],
): string | undefined => {
  let y = 0;
  let width = 0;
  const panels = rows
    .map((row) => ({ ...row, pictures: row.pictures.filter(({ address }) => address !== undefined) }))
    .filter(({ pictures }) => pictures.length > 0)
    .map(({ label, colour: ink, pictures }) => {
      let x = 0;
      const parts = pictures.map((picture) => {
        const at = x;
        x += picture.width + gap;
        return (
          `<image x="${at}" y="24" width="${picture.width}" height="${picture.height}" href="${picture.address}" style="image-rendering: pixelated" />` +
          text(
            at,
            24 + picture.height + 18,
            12,
            colour('muted'),
            `${sourceOf[picture.grid.z]} · seed ${picture.grid.seed}`,
          )
        );
      });
      const height = 24 + Math.max(...pictures.map((picture) => picture.height)) + 34;
      const panel = {
        x: 0,
        y,
        svg: `<svg width="${x}" height="${height}">${text(0, 14, 14, ink, label)}${parts.join('')}</svg>`,
      };
      y += height + gap;
      width = Math.max(width, x - gap);
      return panel;
    });
  if (panels.length === 0) return undefined;
  // The title stands above in one line.
  width = Math.max(width, title.length * 12.5);
  return standaloneSheet(name, title, description, { width, height: y - gap, panels }, 'light');
};
