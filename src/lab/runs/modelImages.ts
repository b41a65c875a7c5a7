import type { ImageSet } from '../../vae/data/index.js';
import { drawBatch, fedImages } from '../../vae/training/images.js';
import type { RunConfig } from '../config/index.js';

/**
 * Images as the model of a run is fed them: a test image as it was evaluated, a training image as it was learned from
 * (with one draw, where each step drew it anew).
 *
 * Shapes: indices [n] -> [n, pixels] in 0 … 1.
 */
export const modelImages = (
  images: ImageSet,
  part: 'train' | 'test',
  indices: ArrayLike<number>,
  { binarisation, seed }: Pick<RunConfig, 'binarisation' | 'seed'>,
): Float32Array => {
  const fed = fedImages(images, binarisation, seed, part);
  const bytes = new Uint8Array(indices.length * fed.pixels);
  for (let i = 0; i < indices.length; i++) fed.copy(indices[i]!, bytes, i * fed.pixels);
  if (part === 'train') drawBatch(bytes, binarisation, seed, 0);
  const scale = binarisation === 'none' ? 1 / 255 : 1;
  // Many times faster than Float32Array.from: whole data sets go through here.
  const x = new Float32Array(bytes.length);
  for (let i = 0; i < x.length; i++) x[i] = bytes[i]! * scale;
  return x;
};
