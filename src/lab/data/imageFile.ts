/** A data set in one file of any format that is read: images as numbers, with labels and a test part where it has them. */
import { InputError } from '../../engine/errors/index.js';
import {
  type ChosenNumbers,
  type Numbers,
  requireModest,
  rowsPerBlock,
  splitPart,
} from '../../vae/data/arrays/index.js';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import { openNumbers } from './numbers.js';

/** Share of the images that is held out where a file has no test part: that of MNIST. */
const HELD_OUT = 1 / 7;

/** Names that archives give to their parts: keras.datasets' mnist.npz and fashion_mnist.npz have these. */
const PARTS = { train: ['x_train', 'y_train'], test: ['x_test', 'y_test'] } as const;

/** Height and width of [N, H, W], with a channel of one before or behind, or of flat squares. */
const sizeOfImages = ({ shape, rows }: ChosenNumbers): { height: number; width: number } => {
  const [, ...sizes] = shape;
  const [before, behind] = [sizes.length === 3 && sizes[0] === 1, sizes.length === 3 && sizes[2] === 1];
  const axes = before ? sizes.slice(1) : behind ? sizes.slice(0, 2) : sizes;
  const side = Math.sqrt(rows.width);
  if (axes.length === 2) return { height: axes[0]!, width: axes[1]! };
  if (axes.length === 1 && Number.isInteger(side)) return { height: side, width: side };
  const got = `[${shape.join(', ')}]`;
  throw new InputError(`${rows.name}: expected grey images [N, H, W], or flat ones of H × H pixels, got shape ${got}`);
};

/** Throws: InputError where a pixel is none, with its row. */
const largestPixel = async ({ rows }: ChosenNumbers): Promise<number> => {
  let [at, largest] = [0, 0];
  for await (const block of rows.blocks({ atOnce: rowsPerBlock(rows.width) })) {
    for (let i = 0; i < block.length; i++, at++) {
      const value = block[i]!;
      if (!(value >= 0 && value <= 255)) {
        const place = `row ${Math.floor(at / rows.width)}, pixel ${at % rows.width} (counted from 0)`;
        throw new InputError(`${rows.name}: expected pixels from 0 to 1 or to 255, got ${value} at ${place}`);
      }
      if (value > largest) largest = value;
    }
  }
  return largest;
};

/** Pixels as bytes: from 0 to 255, or from 0 to 1 where none is larger. */
const readPixels = async (images: ChosenNumbers): Promise<Uint8Array> => {
  const { rows } = images;
  const scale = (await largestPixel(images)) <= 1 ? 255 : 1;
  const pixels = new Uint8Array(rows.n * rows.width);
  let at = 0;
  for await (const block of rows.blocks({ atOnce: rowsPerBlock(rows.width) })) {
    for (let i = 0; i < block.length; i++) pixels[at++] = Math.round(scale * block[i]!);
  }
  return pixels;
};

const readLabels = async ({ rows }: ChosenNumbers, images: ChosenNumbers): Promise<Uint8Array> => {
  if (rows.width !== 1 || rows.n !== images.rows.n) {
    const got = `${rows.n} rows of ${rows.width}`;
    throw new InputError(`${rows.name}: expected a label for each of ${images.rows.n} images, got ${got}`);
  }
  const labels = new Uint8Array(rows.n);
  let row = 0;
  for await (const block of rows.blocks({ atOnce: rowsPerBlock(rows.width) })) {
    for (const value of block) {
      if (!Number.isInteger(value) || value < 0 || value > 255) {
        throw new InputError(
          `${rows.name}: expected labels from 0 to 255, got ${value} at row ${row} (counted from 0)`,
        );
      }
      labels[row++] = value;
    }
  }
  return labels;
};

/** `bytes` is the size of the files that they come from. */
const readImages = async (
  images: ChosenNumbers,
  labels: ChosenNumbers | undefined,
  bytes: number,
): Promise<ImageSet> => {
  requireModest(images.rows.n * images.rows.width, bytes, images.rows.name);
  const { height, width } = sizeOfImages(images);
  const pixels = await readPixels(images);
  const known = labels && { labels: await readLabels(labels, images) };
  return { pixels, ...known, count: images.rows.n, height, width };
};

const partOf = async (numbers: Numbers, [x, y]: readonly [string, string]): Promise<ImageSet> =>
  readImages(await numbers.choose(x), numbers.names.includes(y) ? await numbers.choose(y) : undefined, numbers.bytes);

const slice = ({ pixels, labels, height, width }: ImageSet, from: number, to: number): ImageSet => ({
  pixels: pixels.subarray(from * height * width, to * height * width),
  ...(labels && { labels: labels.subarray(from, to) }),
  count: to - from,
  height,
  width,
});

/**
 * Opens a file as a data set, `file.npz:name` for one array of it.
 *
 * An archive with x_train and x_test (and y_train, y_test) is taken as it is; of any other file the last seventh is the
 * test part, which `log` is told.
 *
 * Throws: InputError where it holds no grey images, pixels outside of their range (with row and pixel), or too few.
 */
export const openImageFile = async (text: string, log: (line: string) => void): Promise<Dataset> => {
  const { file, part } = splitPart(text);
  const numbers = await openNumbers(process.cwd(), file);
  try {
    if (part === undefined && ['x_train', 'x_test'].every((name) => numbers.names.includes(name))) {
      const [train, test] = [await partOf(numbers, PARTS.train), await partOf(numbers, PARTS.test)];
      if (train.height !== test.height || train.width !== test.width) {
        const [expected, got] = [train, test].map(({ height, width }) => `${height} × ${width}`);
        throw new InputError(`${text}: expected test images of ${expected} as in x_train, got ${got}`);
      }
      return { name: text, train, test };
    }
    const all = await readImages(await numbers.choose(part), undefined, numbers.bytes);
    const train = all.count - Math.floor(all.count * HELD_OUT);
    if (train === all.count) throw new InputError(`${text}: expected at least 7 images, got ${all.count}`);
    log(`${text}: no test part; the last ${all.count - train} of ${all.count} images are held out`);
    return { name: text, train: slice(all, 0, train), test: slice(all, train, all.count) };
  } finally {
    await numbers.close();
  }
};
