import { encode } from 'fast-png';
import { ShapeError } from '../../engine/errors/index.js';

export interface GridLayout {
  readonly rows: number;
  readonly columns: number;
  /** Pixels of one image. */
  readonly width: number;
  readonly height: number;
  /** 1 of grey images, 3 of colours. */
  readonly channels?: number;
  /** Colours one plane after the other, not side by side in each pixel. */
  readonly planar?: boolean;
  /** Pixels of ground between images and around the grid, before scaling. */
  readonly gap?: number;
  /** Screen pixels per image pixel, a whole number: no pixel is ever blended with its neighbour. */
  readonly scale?: number;
}

/** Grey of the ground: apart from the black and the white of the images and from the grey of an untrained decoder. */
export const ground = 80;

const byteOf = (value: number): number => {
  if (Number.isNaN(value)) throw new RangeError('imageGrid: expected pixels in [0, 1], got NaN');
  return Math.round(255 * Math.min(1, Math.max(0, value)));
};

/**
 * Images side by side, row after row, as an 8-bit PNG of grey or of colours. Cells without an image stay ground.
 *
 * Shapes: images [N, height · width · channels], or [N, channels · height · width] planar; N <= rows · columns.
 * Domain: Float32Array holds means in [0, 1] (clamped), Uint8Array bytes; 0 is black.
 * Throws: ShapeError when images do not fit the layout, RangeError on NaN, a scale that is not a whole number, or another
 * number of channels.
 */
export const imageGrid = (images: Float32Array | Uint8Array, layout: GridLayout): Uint8Array => {
  const { rows, columns, width, height, channels = 1, planar = false, gap = 2, scale = 1 } = layout;
  const size = width * height * channels;
  const count = images.length / size;
  if (!Number.isInteger(count) || count > rows * columns) {
    throw new ShapeError(
      `imageGrid: expected at most ${rows * columns} images of ${size} pixels, got ${images.length} pixels`,
    );
  }
  if (!Number.isInteger(scale) || scale < 1) {
    throw new RangeError(`imageGrid: scale: expected a whole number from 1 on, got ${scale}`);
  }
  if (channels !== 1 && channels !== 3) throw new RangeError(`imageGrid: channels: expected 1 or 3, got ${channels}`);
  const [perPixel, perChannel] = planar ? [1, width * height] : [channels, 1];
  const bytes = images instanceof Uint8Array ? images : Uint8Array.from(images, byteOf);
  const total = {
    width: scale * (columns * (width + gap) + gap),
    height: scale * (rows * (height + gap) + gap),
  };
  const data = new Uint8Array(total.width * total.height * channels).fill(ground);
  for (let image = 0; image < count; image++) {
    const left = scale * (gap + (image % columns) * (width + gap));
    const top = scale * (gap + Math.floor(image / columns) * (height + gap));
    for (let y = 0; y < height * scale; y++) {
      const source = image * size + Math.floor(y / scale) * width * perPixel;
      const target = ((top + y) * total.width + left) * channels;
      for (let x = 0; x < width * scale; x++) {
        const pixel = source + Math.floor(x / scale) * perPixel;
        for (let c = 0; c < channels; c++) data[target + x * channels + c] = bytes[pixel + c * perChannel]!;
      }
    }
  }
  return encode({ ...total, data, depth: 8, channels });
};
