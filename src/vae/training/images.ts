import { cast, mul, type Tensor } from '../../engine/graph/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { binarise, type ImageSet } from '../data/index.js';
import type { Binarisation } from './config.js';

/** Pixels as the model is fed them: zeros and ones, or grey bytes. */
export interface FedImages {
  readonly count: number;
  readonly pixels: number;
  /** Writes image `index` into `out` at `offset`. */
  copy(index: number, out: Uint8Array, offset: number): void;
}

/**
 * Images as bytes ready to be fed. `threshold` and `static` are made once; `none` stays grey; `dynamic` stays grey
 * too and is drawn on each batch by `drawBatch`.
 */
export const fedImages = (images: ImageSet, kind: Binarisation, seed: number, part: 'train' | 'test'): FedImages => {
  const pixels = images.height * images.width;
  // A test set has one binarisation, or its likelihood would change from one evaluation to the next.
  const once = part === 'test' && kind === 'dynamic' ? 'static' : kind;
  let bytes = images.pixels;
  if (once === 'threshold' || once === 'static') {
    bytes = new Uint8Array(images.pixels.length);
    binarise(images.pixels, bytes, once, keyedStream(seed, `binarise/${part}`, 0));
  }
  return {
    count: images.count,
    pixels,
    copy: (index, out, offset) => {
      out.set(bytes.subarray(index * pixels, (index + 1) * pixels), offset);
    },
  };
};

/** Draws the binarisation of one training batch in place, where it is drawn anew each step. */
export const drawBatch = (batch: Uint8Array, kind: Binarisation, seed: number, step: number): void => {
  if (kind === 'dynamic') binarise(batch, batch, kind, keyedStream(seed, 'binarise/step', step));
};

/** The model's x from fed bytes: 0 … 1. */
export const decodePixels = (x: Tensor, kind: Binarisation): Tensor => {
  const values = cast(x, 'float32');
  return kind === 'none' ? mul(values, 1 / 255) : values;
};
