/** Files that were given to the page, as a data set: IDX (packed or not), .npy, or pictures. */
import { InputError } from '../../../src/engine/errors/index.js';
import { decodeIdx, readNpy } from '../../../src/vae/data/arrays/index.js';
import type { Dataset, ImageSet } from '../../../src/vae/data/index.js';
import { wholeFile, wholeUnpacked } from '../dropped/byteFiles.js';
import { isPicture, pictureSet } from './pictures.js';

/** Of images without a test set, each so many-th is held out. */
const HELD_OUT = 7;
/** By their names, files of a test set. */
const OF_TEST = /t10k|test/i;

type Part =
  | { readonly kind: 'images'; readonly set: ImageSet }
  | { readonly kind: 'labels'; readonly bytes: Uint8Array };

const idxPart = async (file: File): Promise<Part> => {
  const idx = decodeIdx(await wholeUnpacked(file, file.name), file.name);
  if (idx.kind === 'labels') return { kind: 'labels', bytes: idx.bytes };
  const { bytes: pixels, count, height, width } = idx;
  return { kind: 'images', set: { pixels, count, height, width } };
};

/** Sides of the images of an array: [N, H, W], [N, 1, H, W], [N, H, W, 1], or [N, H · W] where they are squares. */
const sidesOf = (shape: readonly number[], name: string): readonly [number, number] => {
  const axes = shape.slice(1).filter((size, _axis, all) => all.length < 3 || size !== 1);
  if (axes.length === 2) return [axes[0]!, axes[1]!];
  const side = Math.sqrt(axes[0] ?? Number.NaN);
  if (axes.length === 1 && Number.isInteger(side)) return [side, side];
  throw new InputError(
    `${name}: expected grey images [N, H, W], [N, 1, H, W], [N, H, W, 1] or squares [N, H · W], got [${shape.join(', ')}]`,
  );
};

const npyPart = async (file: File): Promise<Part> => {
  const { data, shape } = readNpy(await wholeFile(file, file.name), file.name);
  if (shape.length === 1 && data instanceof Uint8Array) return { kind: 'labels', bytes: data };
  const [height, width] = sidesOf(shape, file.name);
  const set = { count: shape[0]!, height, width };
  if (data instanceof Uint8Array) return { kind: 'images', set: { ...set, pixels: data } };
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    low = Math.min(low, Number(value));
    high = Math.max(high, Number(value));
  }
  if (!(low >= 0 && high <= 255)) {
    throw new InputError(`${file.name}: expected pixels in 0 … 1 or 0 … 255, got ${low} … ${high}`);
  }
  const white = high <= 1 ? 255 : 1;
  return {
    kind: 'images',
    set: { ...set, pixels: Uint8Array.from(data as Float32Array, (v) => Math.round(Number(v) * white)) },
  };
};

/** Images with the labels that are as many, where any are. */
const labelled = (set: ImageSet, parts: readonly Part[]): ImageSet => {
  const labels = parts.find((part) => part.kind === 'labels' && part.bytes.length === set.count);
  return labels?.kind === 'labels' ? { ...set, labels: labels.bytes } : set;
};

const rowsOf = ({ pixels, labels, count, height, width }: ImageSet, wanted: (i: number) => boolean): ImageSet => {
  const chosen = Array.from({ length: count }, (_, i) => i).filter(wanted);
  const size = height * width;
  const out = new Uint8Array(chosen.length * size);
  chosen.forEach((from, to) => {
    out.set(pixels.subarray(from * size, (from + 1) * size), to * size);
  });
  const kept = labels && { labels: Uint8Array.from(chosen, (i) => labels[i]!) };
  return { pixels: out, ...kept, count: chosen.length, height, width };
};

/**
 * Throws: InputError, with the name of the file, for what is no grey image, for test images of another size, and where
 * there are no images or more than two sets of them.
 */
export const openImages = async (files: readonly File[]): Promise<Dataset> => {
  const pictures = files.filter(isPicture);
  if (pictures.length > 0) return split(pictures[0]!.name, await pictureSet(pictures));
  const parts = await Promise.all(
    files.map(async (file) => ({
      file,
      test: OF_TEST.test(file.name),
      part: await (file.name.endsWith('.npy') ? npyPart(file) : idxPart(file)),
    })),
  );
  const sets = parts.flatMap(({ file, test, part }) => (part.kind === 'images' ? [{ file, test, set: part.set }] : []));
  const of = (isTest: boolean): ImageSet | undefined => {
    const found = sets.filter(({ test }) => test === isTest);
    if (found.length > 1) {
      const got = found.map(({ file }) => file.name).join(' and ');
      throw new InputError(
        `data: expected one file of images to train on, and one with "test" in its name, got ${got}`,
      );
    }
    const beside = parts.filter(({ test }) => test === isTest || sets.length === 1).map(({ part }) => part);
    return found[0] && labelled(found[0].set, beside);
  };
  const [train, test] = [of(false), of(true)];
  const { name } = files[0]!;
  if (train && test) {
    if (train.height !== test.height || train.width !== test.width) {
      const [expected, got] = [train, test].map(({ height, width }) => `${height} × ${width}`);
      throw new InputError(`${name}: expected test images of ${expected} as those to train on, got ${got}`);
    }
    return { name, train, test };
  }
  const only = train ?? test;
  if (only === undefined) throw new InputError(`${name}: expected images, got labels alone`);
  return split(name, only);
};

const split = (name: string, set: ImageSet): Dataset => ({
  name,
  train: rowsOf(set, (i) => i % HELD_OUT !== HELD_OUT - 1),
  test: rowsOf(set, (i) => i % HELD_OUT === HELD_OUT - 1),
});
