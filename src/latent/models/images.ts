/** Arrays of images as users have them. */
import { InputError } from '../../engine/errors/index.js';
import type { Fit } from './layout.js';
import type { Affine, PixelStatistics } from './range.js';

/** N images, row-major. */
export interface ImageArray {
  /** How messages name it: by its file. */
  readonly name: string;
  readonly n: number;
  /** Axes of one image, as the array has them. */
  readonly image: readonly number[];
  readonly values: ArrayLike<number | bigint>;
  /** Values of one image. */
  readonly pixels: number;
  /** Bytes, as files of images hold them. */
  readonly bytes: boolean;
  readonly statistics: PixelStatistics;
  readonly labels?: ArrayLike<number>;
}

const statisticsOf = (values: ArrayLike<number | bigint>, pixels: number, name: string): PixelStatistics => {
  let [min, max, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (!Number.isFinite(value)) {
      const place = `image ${Math.floor(i / pixels)}, value ${i % pixels} (counted from 0)`;
      throw new InputError(`${name}: expected finite numbers, got ${value} in ${place}`);
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  let binary = true;
  for (let i = 0; i < values.length && binary; i++) binary = Number(values[i]) === min || Number(values[i]) === max;
  return { min, max, mean, sd: Math.sqrt(Math.max(0, squares / values.length - mean * mean)), binary };
};

/**
 * An array [N, P], [N, H, W], [N, C, H, W] or [N, H, W, C] as images.
 *
 * Throws: InputError for another shape, or a value that is not finite (with its place).
 */
export const imageArray = (
  name: string,
  values: ArrayLike<number | bigint>,
  shape: readonly number[],
  bytes: boolean,
): ImageArray => {
  const [n = 0, ...image] = shape;
  if (image.length < 1 || image.length > 3 || shape.includes(0)) {
    const expected = '[N, P], [N, H, W], [N, C, H, W] or [N, H, W, C]';
    throw new InputError(`${name}: expected images ${expected}, got [${shape.join(', ')}]`);
  }
  const pixels = values.length / n;
  return { name, n, image, values, pixels, bytes, statistics: statisticsOf(values, pixels, name) };
};

/** Throws: InputError where held-out images are of another shape than those that were trained on. */
export const requireAlike = (train: ImageArray, held: ImageArray): void => {
  if (held.image.join() === train.image.join()) return;
  const [expected, got] = [train, held].map(({ image }) => `[N, ${image.join(', ')}]`);
  throw new InputError(`${held.name}: expected images ${expected} as ${train.name} has, got ${got}`);
};

/** Images as an encoder takes them. Shapes: images from … to − 1 -> [to − from, Π row]. */
export const fedRows = (
  { values, pixels, image }: ImageArray,
  { order }: Pick<Fit, 'order'>,
  { scale, offset }: Affine,
  from: number,
  to: number,
): Float32Array => {
  const out = new Float32Array((to - from) * pixels);
  const places = order && placesOf(image, order);
  for (let i = from; i < to; i++) {
    const [base, at] = [i * pixels, (i - from) * pixels];
    for (let p = 0; p < pixels; p++) out[at + p] = scale * Number(values[base + (places ? places[p]! : p)]) + offset;
  }
  return out;
};

/** Where each value of an image with its axes in another order lies in the image as it is. */
const placesOf = (image: readonly number[], order: readonly number[]): Uint32Array => {
  const strides = image.map((_, axis) => image.slice(axis + 1).reduce((product, size) => product * size, 1));
  const [first, second, third] = order as [number, number, number];
  const places: number[] = [];
  for (let i = 0; i < image[first]!; i++) {
    for (let j = 0; j < image[second]!; j++) {
      for (let k = 0; k < image[third]!; k++) {
        places.push(i * strides[first]! + j * strides[second]! + k * strides[third]!);
      }
    }
  }
  return Uint32Array.from(places);
};
