import { keyedStream } from '../../../engine/random/index.js';
import { chooseTemplate, write } from './hand.js';
import { ink, trace } from './pen.js';
import { TEMPLATES } from './templates.js';

/** Changes whenever any pixel of any glyph changes. */
export const STROKE_MODEL_VERSION = 1;

export const GLYPH_SIDE = 28;
/** The longer side of the ink's box, in pixels. */
const BOX = 20;

/**
 * Draws one handwritten-looking digit: 28×28, white ink (255) on black (0), the longer side of its box 20 pixels, the
 * centre of its ink in the centre of the frame. Image i of a part needs no other image.
 *
 * Shapes: out [784], row after row, overwritten.
 * Returns: the digit, 0 … 9.
 * Throws: RangeError when seed or index is no whole number, or out is not [784].
 */
export const drawGlyph = (seed: number, part: 'train' | 'test', index: number, out: Uint8Array): number => {
  if (out.length !== GLYPH_SIDE * GLYPH_SIDE) {
    throw new RangeError(`drawGlyph: expected out of ${GLYPH_SIDE * GLYPH_SIDE} bytes, got ${out.length}`);
  }
  const stream = keyedStream(seed, `glyphs/${part}`, index);
  const digit = stream.below(TEMPLATES.length);
  const lines = write(chooseTemplate(TEMPLATES[digit]!, stream), stream).map(trace);
  const softness = 1.1 + 0.3 * stream.uniform();
  place(lines);
  out.fill(0);
  for (const line of lines) ink(line, softness, out, GLYPH_SIDE);
  return digit;
};

/** Scales positions to pixels, so that the ink fills the box, and moves the ink's centre to the centre of the frame. */
const place = (lines: number[][]): void => {
  let [left, right, top, bottom, widest] = [Infinity, -Infinity, Infinity, -Infinity, 0];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 3) {
      left = Math.min(left, line[i]!);
      right = Math.max(right, line[i]!);
      top = Math.min(top, line[i + 1]!);
      bottom = Math.max(bottom, line[i + 1]!);
      widest = Math.max(widest, line[i + 2]!);
    }
  }
  const scale = (BOX - 2 * widest) / Math.max(right - left, bottom - top);
  const [x, y] = centre(lines);
  const middle = (GLYPH_SIDE - 1) / 2;
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 3) {
      line[i] = middle + scale * (line[i]! - x);
      line[i + 1] = middle + scale * (line[i + 1]! - y);
    }
  }
};

/** Centre of mass of the ink: each segment weighs its length times its mean radius. */
const centre = (lines: readonly number[][]): [number, number] => {
  let [x, y, mass] = [0, 0, 0];
  for (const line of lines) {
    for (let i = 0; i + 5 < line.length; i += 3) {
      const dx = line[i + 3]! - line[i]!;
      const dy = line[i + 4]! - line[i + 1]!;
      const weight = Math.sqrt(dx * dx + dy * dy) * (line[i + 2]! + line[i + 5]!);
      x += weight * (line[i]! + 0.5 * dx);
      y += weight * (line[i + 1]! + 0.5 * dy);
      mass += weight;
    }
  }
  return [x / mass, y / mass];
};
