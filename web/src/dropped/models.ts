/** Dropped models with their weights, and images to encode. */
import { InputError } from '../../../src/engine/errors/index.js';
import { checkModel, isBeside, portsOf, withWeights } from '../../../src/engine/onnx/index.js';
import { type ImageArray, imageArray, type ModelSource } from '../../../src/latent/models/index.js';
import { type ArrayData, decodeIdx, readNpy } from '../../../src/vae/data/arrays/index.js';
import { wholeFile, wholeUnpacked } from './byteFiles.js';
import { namesOf, npyOf } from './npz.js';

/**
 * A model with the weights that it keeps in other files: those are looked for among the dropped ones.
 *
 * Throws: InputError for what is no ONNX model, is damaged, needs operators that are not there, or weights that were not
 * dropped.
 */
export const readModel = async (file: File, others: readonly File[]): Promise<ModelSource> => {
  const { name } = file;
  const bytes = await withWeights(await wholeFile(file, name), name, async ({ location, offset, length }) => {
    const what = `${name}: weights in ${location}`;
    if (!isBeside(location)) {
      throw new InputError(`${what}: expected a file in the model's own folder, got a path that leads out of it`);
    }
    const base = location.split(/[\\/]/).at(-1);
    const found = others.find((other) => other.name === base);
    if (!found) throw new InputError(`${what}: expected this file beside the model, got none: drop both files`);
    const wanted = length ?? found.size - offset;
    if (wanted < 0 || offset + wanted > found.size) {
      throw new InputError(`${what}: expected ${wanted} bytes from byte ${offset} on, got a file of ${found.size}`);
    }
    return wholeFile(found.slice(offset, offset + wanted), what);
  });
  checkModel(bytes, name);
  return { name, bytes, ports: portsOf(bytes, name) };
};

/** Names that archives of images give to their parts. */
const PARTS = { train: 'x_train', test: 'x_test' } as const;

const arrayOf = (name: string, { data, shape }: { data: ArrayData; shape: readonly number[] }): ImageArray =>
  imageArray(name, data, shape, data instanceof Uint8Array);

/**
 * Images of .npy, .npz or IDX, packed by gzip or not; of an archive the array x_train (or x_test), or the only one.
 *
 * Throws: InputError for a file that holds no images.
 */
export const readImages = async (file: File, part: 'train' | 'test'): Promise<ImageArray> => {
  const { name } = file;
  if (/\.npz$/i.test(name)) {
    const names = await namesOf(file, name);
    const array = names.find((each) => each === PARTS[part]) ?? names[0];
    if (array === undefined || (array !== PARTS[part] && names.length > 1)) {
      throw new InputError(
        `${name}: expected an array ${PARTS[part]}, or one alone, got ${names.join(', ') || 'none'}`,
      );
    }
    return arrayOf(name, readNpy(await npyOf(file, name, array), `${name}:${array}`));
  }
  const bytes = await wholeUnpacked(file, name);
  if (/\.npy(\.gz)?$/i.test(name)) return arrayOf(name, readNpy(bytes, name));
  const idx = decodeIdx(bytes, name);
  if (idx.kind === 'labels') throw new InputError(`${name}: expected images, got labels`);
  return imageArray(name, idx.bytes, [idx.count, idx.height, idx.width], true);
};

/** Held-out images that an archive has beside the others. */
export const heldOutPart = async (file: File): Promise<ImageArray | undefined> => {
  const { name } = file;
  const has = /\.npz$/i.test(name) && (await namesOf(file, name)).includes(PARTS.test);
  return has ? readImages(file, 'test') : undefined;
};
