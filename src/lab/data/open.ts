import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { splitPart } from '../../vae/data/arrays/index.js';
import type { Dataset, GlyphCounts } from '../../vae/data/index.js';
import { pixelDigest } from './digest.js';
import { openGlyphs } from './glyphCache.js';
import { findIdxFiles, IDX_NAMES, isWhole, readIdxFiles } from './idxFolder.js';
import { openImageFile } from './imageFile.js';
import { openMnist } from './mnist.js';

export const DATASET_NAMES = ['glyphs', 'mnist'] as const;

export interface OpenOptions {
  /** Folder of data sets (ZDIST_DATA_DIR): MNIST is looked for in its subfolder `mnist`. */
  readonly dataDir: string | undefined;
  /** Where drawn and fetched data sets are kept; see defaultCacheDir. */
  readonly cacheDir: string;
  /** Takes a line of what is going on; silent by default. */
  readonly log?: (line: string) => void;
  readonly fetch?: typeof fetch;
  /** Of the glyphs; 1 by default. */
  readonly seed?: number;
  /** How many glyphs; 60,000 + 10,000 by default. */
  readonly counts?: GlyphCounts;
}

export interface OpenedDataset extends Dataset {
  /** Where it came from, for people. */
  readonly source: string;
  /** SHA-256 of the pixels, train then test. */
  readonly sha256: string;
}

/** The user's cache folder for zdist: $XDG_CACHE_HOME/zdist, or ~/.cache/zdist. */
export const defaultCacheDir = (env: Readonly<Record<string, string | undefined>>): string => {
  const base = env.XDG_CACHE_HOME;
  // The XDG rules say that a relative path is to be ignored.
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.cache'), 'zdist');
};

/**
 * Opens a data set: `glyphs`, `mnist`, the path of a folder with the four IDX files under MNIST's names, or of a file of
 * images (see openImageFile).
 *
 * Throws: InputError when the name is unknown, a file is damaged, or a data set is not to be had (then it says how to
 * get it).
 */
export const openDataset = async (name: string, options: OpenOptions): Promise<OpenedDataset> => {
  const log = options.log ?? (() => {});
  const { dataDir, cacheDir, seed = 1, counts = { train: 60_000, test: 10_000 } } = options;
  if (name === 'glyphs') {
    return { ...(await openGlyphs({ cacheDir, seed, counts, log })), source: `drawn from seed ${seed}` };
  }
  const dataset =
    name === 'mnist'
      ? await openMnist({ dataDir, cacheDir, log, fetch: options.fetch ?? fetch })
      : { ...(await openPath(name, log)), source: name };
  return { ...dataset, sha256: pixelDigest(dataset) };
};

const openPath = async (path: string, log: (line: string) => void): Promise<Dataset> => {
  const { file, part } = splitPart(path);
  const entry = await stat(file).catch(() => undefined);
  if (entry === undefined) {
    const known = `expected ${DATASET_NAMES.join(', ')}, a folder of IDX files or a file of images`;
    throw new InputError(`data set: ${known}, got "${path}"${didYouMean(path, DATASET_NAMES)}`);
  }
  if (entry.isDirectory() && part === undefined) return openFolder(path);
  return openImageFile(path, log);
};

const openFolder = async (path: string): Promise<Dataset> => {
  const found = await findIdxFiles(path);
  if (!isWhole(found)) {
    const missing = IDX_NAMES.filter((name) => found[name] === undefined);
    throw new InputError(`${path}: expected the four IDX files under MNIST's names, got no ${missing.join(', no ')}`);
  }
  return readIdxFiles(path, found);
};
