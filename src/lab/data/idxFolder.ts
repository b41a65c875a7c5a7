/** A data set as four IDX files under the names of the MNIST files, each packed (.gz) or not. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import type { IdxImages, IdxLabels } from '../../vae/data/arrays/index.js';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import { readIdx } from './idx.js';

export const IDX_NAMES = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;
export type IdxName = (typeof IDX_NAMES)[number];

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The file of each name that is in the folder, .gz before plain. */
export const findIdxFiles = async (folder: string): Promise<Partial<Record<IdxName, string>>> => {
  const found: Partial<Record<IdxName, string>> = {};
  for (const name of IDX_NAMES) {
    for (const path of [join(folder, `${name}.gz`), join(folder, name)]) {
      if (found[name] === undefined && (await exists(path))) found[name] = path;
    }
  }
  return found;
};

/** Whether all four were found. */
export const isWhole = (found: Partial<Record<IdxName, string>>): found is Record<IdxName, string> =>
  IDX_NAMES.every((name) => found[name] !== undefined);

export interface NamedIdx {
  /** Path or address, for messages. */
  readonly path: string;
  readonly idx: IdxImages | IdxLabels;
}

export const readIdxFiles = async (name: string, paths: Record<IdxName, string>): Promise<Dataset> => {
  const files = {} as Record<IdxName, NamedIdx>;
  for (const part of IDX_NAMES) files[part] = { path: paths[part], idx: await readIdx(paths[part]) };
  return assemble(name, files);
};

/**
 * Puts the four files together.
 *
 * Throws: InputError, with the names of the files, when one holds labels in place of images or the other way about, when
 * images and labels differ in number, or train and test images in size.
 */
export const assemble = (name: string, files: Record<IdxName, NamedIdx>): Dataset => {
  const train = pair(files['train-images-idx3-ubyte'], files['train-labels-idx1-ubyte']);
  const test = pair(files['t10k-images-idx3-ubyte'], files['t10k-labels-idx1-ubyte']);
  if (train.height !== test.height || train.width !== test.width) {
    throw new InputError(
      `${files['t10k-images-idx3-ubyte'].path}: expected images of ${train.height} × ${train.width} as in ` +
        `${files['train-images-idx3-ubyte'].path}, got ${test.height} × ${test.width}`,
    );
  }
  return { name, train, test };
};

const pair = (images: NamedIdx, labels: NamedIdx): ImageSet => {
  if (images.idx.kind !== 'images') throw new InputError(`${images.path}: expected images (0x00000803), got labels`);
  if (labels.idx.kind !== 'labels') throw new InputError(`${labels.path}: expected labels (0x00000801), got images`);
  const { count, height, width, bytes } = images.idx;
  if (labels.idx.count !== count) {
    throw new InputError(
      `${labels.path}: expected ${count} labels, one for each image of ${images.path}, got ${labels.idx.count}`,
    );
  }
  return { pixels: bytes, labels: labels.idx.bytes, count, height, width };
};
