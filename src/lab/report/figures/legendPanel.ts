import { escapeHtml } from '../html.js';
import type { Layer } from './theory/curve.js';
import type { Size } from './theory/frame.js';

/** About as wide as a character of 13 px is on average; the font is the reader's own. */
const CHARACTER = 7;
const KEY = 18;
const DASHES = { dashed: '6 4', dotted: '0.1 5' } as const;

/** Names beside the colours of a sheet, in one row: for panels whose lines have no room for them. */
export const legendPanel = (layers: readonly Layer[], width: number): Size & { readonly svg: string } => {
  let x = 2;
  const entries = layers.map(({ id, label, colour, dash }) => {
    const at = x;
    x += KEY + 8 + label.length * CHARACTER + 22;
    const stroke = dash ? ` stroke-dasharray="${DASHES[dash]}" stroke-linecap="round"` : '';
    return (
      `<g class="s s-${id}"><line x1="${at}" x2="${at + KEY}" y1="9" y2="9" stroke="${colour}" stroke-width="2.5"${stroke} />` +
      `<text x="${at + KEY + 8}" y="13.5" font-size="13" fill="${colour}">${escapeHtml(label)}</text></g>`
    );
  });
  const svg = `<svg class="panel" width="${width}" height="18" viewBox="0 0 ${width} 18" font-family="system-ui, sans-serif">${entries.join('')}</svg>`;
  return { width, height: 18, svg };
};
