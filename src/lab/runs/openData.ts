import type { ImageSet } from '../../vae/data/index.js';
import { pixelDigest } from '../data/digest.js';
import { defaultCacheDir, type OpenedDataset, openDataset } from '../data/index.js';

export interface DataPlace {
  /** Name or path of the data set. */
  readonly data: string;
  /** Train on the first `limit` images and test on the first `limit / 6`. */
  readonly limit?: number;
  /** Where data sets lie and are cached; absent for the defaults. */
  readonly dataDir?: string;
  readonly cacheDir?: string;
  readonly log?: (line: string) => void;
}

const first = (images: ImageSet, count: number): ImageSet => ({
  ...images,
  count: Math.min(count, images.count),
  pixels: images.pixels.subarray(0, count * images.width * images.height),
  ...(images.labels && { labels: images.labels.subarray(0, count) }),
});

/** A data set as a run uses it. Throws: InputError, as openDataset does. */
export const openData = async ({ data, limit, dataDir, cacheDir, log }: DataPlace): Promise<OpenedDataset> => {
  const options = { dataDir, cacheDir: cacheDir ?? defaultCacheDir(process.env), ...(log && { log }) };
  if (limit === undefined) return openDataset(data, options);
  const counts = { train: limit, test: Math.floor(limit / 6) };
  // The glyphs of a smaller set are the first of a larger one: there is no need to draw them all.
  if (data === 'glyphs') return openDataset(data, { ...options, counts });
  const whole = await openDataset(data, options);
  const limited = { ...whole, train: first(whole.train, counts.train), test: first(whole.test, counts.test) };
  return { ...limited, sha256: pixelDigest(limited) };
};
