import { InputError } from '../../../../../src/engine/errors/index.js';

export interface ImageShape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Channels one plane after the other. */
  readonly planar: boolean;
}

const CHANNELS = [1, 3];

/**
 * What an image of a decoder is, by the axes of one: [C, H, W], [H, W, C], [H, W], or pixels in a row, which are taken
 * for a square.
 *
 * Throws: InputError for other axes.
 */
export const imageShape = (axes: readonly number[], name: string): ImageShape => {
  const size = axes.reduce((all, side) => all * side, 1);
  const [a, b, c] = axes;
  if (axes.length === 3 && CHANNELS.includes(a!)) return { channels: a!, height: b!, width: c!, planar: true };
  if (axes.length === 3 && CHANNELS.includes(c!)) return { channels: c!, height: a!, width: b!, planar: false };
  if (axes.length === 2) return { channels: 1, height: a!, width: b!, planar: false };
  for (const channels of CHANNELS) {
    const side = Math.sqrt(size / channels);
    if (axes.length === 1 && Number.isInteger(side)) return { channels, height: side, width: side, planar: true };
  }
  throw new InputError(`${name}: expected images of 1 or 3 channels, or square ones, got [${axes.join(', ')}]`);
};

/** Pixels with their channels side by side. Shapes: [n, C, H, W] -> [n, H, W, C] */
export const interleaved = (images: Float32Array, { width, height, channels, planar }: ImageShape): Float32Array => {
  if (!planar || channels === 1) return images;
  const plane = width * height;
  return images.map((_, at) => {
    const [within, i] = [at % (plane * channels), Math.floor(at / (plane * channels))];
    const [pixel, channel] = [Math.floor(within / channels), within % channels];
    return images[i * plane * channels + channel * plane + pixel]!;
  });
};
