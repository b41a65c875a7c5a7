import type { Dataset, ImageSet } from '../dataset.js';
import { drawGlyph, GLYPH_SIDE } from './draw.js';

export interface GlyphCounts {
  readonly train: number;
  readonly test: number;
}

/**
 * The embedded data set: handwritten-looking digits with labels, drawn from a seed. Same seed, same bytes, everywhere;
 * a smaller set is the beginning of a larger one.
 *
 * Throws: RangeError when seed is no whole number in 0 … 2^53 - 1.
 */
export const glyphs = (
  seed: number,
  counts: GlyphCounts = { train: 60_000, test: 10_000 },
  onProgress?: (drawn: number, total: number) => void,
): Dataset => {
  const total = counts.train + counts.test;
  let drawn = 0;
  const part = (name: 'train' | 'test'): ImageSet => {
    const count = counts[name];
    const size = GLYPH_SIDE * GLYPH_SIDE;
    const pixels = new Uint8Array(count * size);
    const labels = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      labels[i] = drawGlyph(seed, name, i, pixels.subarray(i * size, (i + 1) * size));
      drawn++;
      if (drawn % 1000 === 0 || drawn === total) onProgress?.(drawn, total);
    }
    return { pixels, labels, count, height: GLYPH_SIDE, width: GLYPH_SIDE };
  };
  return { name: 'glyphs', train: part('train'), test: part('test') };
};
