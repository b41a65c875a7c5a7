/** MNIST: from the data folder, else from the cache folder, else from its official mirrors into the cache folder. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../engine/errors/index.js';
import { decodeIdx } from '../../vae/data/arrays/index.js';
import type { Dataset } from '../../vae/data/index.js';
import { sha256 } from './digest.js';
import { download } from './download.js';
import { readUnpacked, unpack } from './idx.js';
import { assemble, findIdxFiles, IDX_NAMES, type IdxName, isWhole, type NamedIdx } from './idxFolder.js';
import { replaceFile } from './replaceFile.js';

/** SHA-256 of each file out of gzip, so that files packed again, or not packed, are known for what they are. */
export type Checksums = Readonly<Record<IdxName, string>>;

const MNIST_CHECKSUMS: Checksums = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

const MIRRORS = [
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
];

export interface MnistOptions {
  /** Holds a folder `mnist` with the four files, or nothing. */
  readonly dataDir: string | undefined;
  readonly cacheDir: string;
  readonly log: (line: string) => void;
  readonly fetch: typeof fetch;
}

/**
 * Throws: InputError that names the file when one is damaged; InputError that says where to put which files when they
 * are neither there nor to be had.
 */
export const openMnist = async (
  options: MnistOptions,
  checksums: Checksums = MNIST_CHECKSUMS,
): Promise<Dataset & { source: string }> => {
  if (options.dataDir !== undefined) {
    const folder = join(options.dataDir, 'mnist');
    const found = await findIdxFiles(folder);
    if (isWhole(found)) return { ...(await readFound(found, checksums, options.log)), source: folder };
    const missing = IDX_NAMES.filter((name) => found[name] === undefined);
    if (missing.length < IDX_NAMES.length) options.log(`mnist: ${folder} lacks ${missing.join(', ')}`);
  }
  const folder = join(options.cacheDir, 'mnist');
  const kept = await findIdxFiles(folder);
  const files = {} as Record<IdxName, NamedIdx>;
  for (const name of IDX_NAMES) {
    const path = kept[name] ?? join(folder, `${name}.gz`);
    const intact = kept[name] === undefined ? undefined : await readKept(path, checksums[name], options.log);
    const content = intact ?? (await fetchFile(name, path, checksums[name], options));
    files[name] = { path, idx: decodeIdx(content, path) };
  }
  return { ...assemble('mnist', files), source: folder };
};

/** The user's own files are used even if they are not the official ones, but not in silence. */
const readFound = async (
  paths: Record<IdxName, string>,
  checksums: Checksums,
  log: (line: string) => void,
): Promise<Dataset> => {
  const files = {} as Record<IdxName, NamedIdx>;
  for (const name of IDX_NAMES) {
    const path = paths[name];
    const content = await readUnpacked(path);
    files[name] = { path, idx: decodeIdx(content, path) };
    const got = sha256(content);
    if (got !== checksums[name]) {
      log(`warning: ${path}: expected the content of the official file (SHA-256 ${checksums[name]}), got ${got}`);
    }
  }
  return assemble('mnist', files);
};

/** A file of the cache folder, unless it is no longer what was fetched. */
const readKept = async (
  path: string,
  checksum: string,
  log: (line: string) => void,
): Promise<Uint8Array | undefined> => {
  const content = await readUnpacked(path).catch(() => undefined);
  if (content !== undefined && sha256(content) === checksum) return content;
  log(`mnist: ${path} is damaged and will be fetched again`);
  return undefined;
};

const fetchFile = async (name: IdxName, path: string, checksum: string, options: MnistOptions): Promise<Uint8Array> => {
  const accept = async (bytes: Uint8Array, url: string): Promise<{ bytes: Uint8Array; content: Uint8Array }> => {
    const content = await unpack(bytes, url);
    const got = sha256(content);
    if (got !== checksum) throw new InputError(`${url}: expected content of SHA-256 ${checksum}, got ${got}`);
    return { bytes, content };
  };
  const urls = MIRRORS.map((mirror) => `${mirror}${name}.gz`);
  const { bytes, content } = await download(urls, accept, options.fetch, options.log).catch((error: Error) => {
    throw new InputError(howToGet(options, error.message));
  });
  try {
    await mkdir(join(options.cacheDir, 'mnist'), { recursive: true });
    await replaceFile(path, path.endsWith('.gz') ? bytes : content);
  } catch (error) {
    options.log(`mnist: ${path} could not be kept (${(error as Error).message})`);
  }
  return content;
};

const howToGet = ({ dataDir, cacheDir }: MnistOptions, refusals: string): string => {
  const own = dataDir === undefined ? undefined : join(dataDir, 'mnist');
  const places = [own, join(cacheDir, 'mnist')].filter((place) => place !== undefined);
  return [
    `mnist: expected the four files of MNIST in ${places.join(' or ')} or from a mirror, got`,
    ...refusals.split('\n').map((line) => `  ${line}`),
    'To go on, do one of these:',
    `  - put ${IDX_NAMES.map((name) => `${name}.gz`).join(', ')}`,
    own === undefined
      ? '    into a folder named mnist, and set ZDIST_DATA_DIR to the folder that holds it'
      : `    into ${own} (ZDIST_DATA_DIR names the folder that holds it)`,
    '  - take the embedded digits: --data glyphs',
  ].join('\n');
};
