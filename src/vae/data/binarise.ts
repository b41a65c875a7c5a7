import { ShapeError } from '../../engine/errors/index.js';
import type { KeyedStream } from '../../engine/random/index.js';
import type { Binarisation } from '../training/config.js';

/**
 * Grey pixels to zeros and ones.
 *
 *   threshold:        out = 1 where x > 127
 *   static, dynamic:  out ~ Bernoulli(x / 255), one draw of `stream` for each pixel that is neither 0 nor 255
 *
 * Static and dynamic differ in the stream alone: one for the whole data set, or one for each step.
 *
 * Shapes: pixels and out of one length; out may be pixels itself.
 * Throws: ShapeError when the lengths differ, RangeError when a drawn binarisation has no stream.
 * Source: Salakhutdinov & Murray 2008 (static); Burda et al. 2015, arXiv:1509.00519 (dynamic).
 */
export const binarise = (
  pixels: Uint8Array,
  out: Uint8Array,
  kind: Exclude<Binarisation, 'none'>,
  stream?: KeyedStream,
): void => {
  if (out.length !== pixels.length) {
    throw new ShapeError(`binarise: expected out of ${pixels.length} bytes, got ${out.length}`);
  }
  if (kind === 'threshold') {
    for (let i = 0; i < pixels.length; i++) out[i] = pixels[i]! > 127 ? 1 : 0;
    return;
  }
  if (stream === undefined) throw new RangeError(`binarise: expected a stream for ${kind} binarisation, got none`);
  for (let i = 0; i < pixels.length; i++) {
    const x = pixels[i]!;
    // uint32 / 2^32 < x / 255, in whole numbers below 2^53.
    out[i] = x === 0 ? 0 : x === 255 || stream.uint32() * 255 < x * 0x1_0000_0000 ? 1 : 0;
  }
};
