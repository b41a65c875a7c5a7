/** Pictures (PNG, JPEG and what else a browser shows) as grey images of the size of MNIST's. */
import { InputError } from '../../../src/engine/errors/index.js';
import type { ImageSet } from '../../../src/vae/data/index.js';

const SIDE = 28;

export const isPicture = ({ type, name }: File): boolean =>
  type.startsWith('image/') || /\.(png|jpe?g|webp|gif|bmp|avif)$/i.test(name);

/** Weights of red, green and blue in luminance. Source: ITU-R BT.709. */
const LUMINANCE = [0.2126, 0.7152, 0.0722] as const;

/** Grey values of one picture, whole and centred, on the colour of its corner. */
const greyOf = (bitmap: ImageBitmap, context: OffscreenCanvasRenderingContext2D): Uint8Array => {
  const scale = SIDE / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  context.drawImage(bitmap, 0, 0, 1, 1, 0, 0, SIDE, SIDE);
  context.drawImage(bitmap, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, p) =>
    LUMINANCE.reduce((sum, weight, channel) => sum + weight * data[4 * p + channel]!, 0),
  );
};

/** Ink is bright on dark ground: where most of the border is bright, all is turned round. */
const inkBright = (grey: Uint8Array): Uint8Array => {
  const border = grey.filter((_, p) => {
    const [x, y] = [p % SIDE, Math.floor(p / SIDE)];
    return x === 0 || y === 0 || x === SIDE - 1 || y === SIDE - 1;
  });
  const bright = border.filter((value) => value > 127).length > border.length / 2;
  return bright ? grey.map((value) => 255 - value) : grey;
};

/**
 * 28 × 28 grey images, ink bright; the order is that of the names.
 *
 * Throws: InputError, with the name of the file, for what the browser cannot decode.
 */
export const pictureSet = async (files: readonly File[]): Promise<ImageSet> => {
  const named = files.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })!;
  const pixels = new Uint8Array(named.length * SIDE * SIDE);
  for (const [i, file] of named.entries()) {
    const bitmap = await createImageBitmap(file).catch(() => {
      throw new InputError(`${file.name}: expected a picture that the browser can decode, got ${file.size} bytes`);
    });
    pixels.set(inkBright(greyOf(bitmap, context)), i * SIDE * SIDE);
    bitmap.close();
  }
  return { pixels, count: named.length, height: SIDE, width: SIDE };
};
