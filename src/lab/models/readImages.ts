import { resolve } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { type ImageArray, imageArray, requireAlike } from '../../latent/models/index.js';
import type { ImageSet } from '../../vae/data/index.js';
import { DATASET_NAMES } from '../data/index.js';
import { readNpyFile } from '../data/npyFile.js';
import { type DataPlace, openData } from '../runs/openData.js';

export interface ImagePlace extends Pick<DataPlace, 'dataDir' | 'cacheDir'> {
  readonly cwd: string;
  readonly log: (line: string) => void;
}

const readArray = async (given: string, { cwd }: ImagePlace): Promise<ImageArray> => {
  const { data, shape } = await readNpyFile(resolve(cwd, given), given);
  return imageArray(given, data, shape, data instanceof Uint8Array);
};

const ofSet = ({ pixels, labels, count, height, width }: ImageSet, name: string): ImageArray => ({
  ...imageArray(name, pixels, [count, height, width], true),
  ...(labels && { labels }),
});

/**
 * Images to encode: arrays in .npy files, or a data set by its name or folder, which brings its own test images.
 *
 * Throws: InputError for a file that cannot be read or holds no images, or test images of another shape.
 */
export const readImages = async (
  data: string,
  test: string | undefined,
  place: ImagePlace,
): Promise<{ readonly train: ImageArray; readonly test?: ImageArray }> => {
  const { cwd, log, dataDir, cacheDir } = place;
  if (!data.endsWith('.npy')) {
    if (test !== undefined) {
      throw new InputError(`--test: expected it beside an array --data x.npy, got ${test} beside ${data}`);
    }
    const known = (DATASET_NAMES as readonly string[]).includes(data);
    const folders = { ...(dataDir && { dataDir }), ...(cacheDir && { cacheDir }) };
    const set = await openData({ data: known ? data : resolve(cwd, data), log, ...folders });
    return {
      train: ofSet(set.train, `training images of ${set.name}`),
      test: ofSet(set.test, `test images of ${set.name}`),
    };
  }
  const train = await readArray(data, place);
  if (test === undefined) return { train };
  const held = await readArray(test, place);
  requireAlike(train, held);
  return { train, test: held };
};
