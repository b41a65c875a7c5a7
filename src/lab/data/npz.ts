/** .npz: a zip archive of .npy files, as numpy.savez and numpy.savez_compressed write it. */
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { InputError } from '../../engine/errors/index.js';
import {
  type ArrayArchive,
  type ArrayRows,
  arrayRows,
  NPY_HEAD,
  readNpyHeader,
  requirePlausible,
} from '../../vae/data/arrays/index.js';
import { openBytes, opener } from './byteFile.js';
import { openInflatedRows } from './inflatedRows.js';

const STORED = 0;
const DEFLATED = 8;
const ENDING = '.npy';

/** Where an entry lies in its archive. */
interface Place {
  readonly entry: Entry;
  /** Byte of the archive at which its data begin. */
  readonly start: number;
}

/**
 * The arrays of an archive.
 *
 * Throws: InputError where the file is no zip archive or a damaged one, where a name leads out of the archive
 * (`../x.npy`, `/x.npy`), and where two entries have one name.
 */
export const openNpz = async (path: string, name: string): Promise<ArrayArchive> => {
  const file = await openBytes(path, name);
  await file.close();
  const places = await readPlaces(path, name);
  return {
    names: [...places.keys()],
    rows: (array) => openEntry(path, `${name}:${array}`, places.get(array)!),
  };
};

const readPlaces = async (path: string, name: string): Promise<Map<string, Place>> => {
  const places = new Map<string, Place>();
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false, strictFileNames: true });
    for await (const entry of zip.eachEntry()) {
      const { fileName } = entry;
      if (!fileName.endsWith(ENDING)) continue;
      const array = fileName.slice(0, -ENDING.length);
      if (places.has(array)) throw new InputError(`${name}: expected one entry ${fileName}, got two`);
      const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      places.set(array, { entry, start });
    }
    return places;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: expected a .npz archive, got a damaged one (${(error as Error).message})`);
  } finally {
    zip?.close();
  }
};

/** Throws: InputError where the entry is encrypted, packed otherwise, larger than it can be, or no .npy file. */
const openEntry = async (path: string, name: string, { entry, start }: Place): Promise<ArrayRows> => {
  const { compressionMethod, compressedSize: packed, uncompressedSize: size, crc32: crc } = entry;
  if (entry.isEncrypted()) throw new InputError(`${name}: expected an array that can be read, got an encrypted one`);
  if (compressionMethod === DEFLATED) {
    requirePlausible(size, packed, name);
    return openInflatedRows({ path, name, start, packed, size, crc });
  }
  if (compressionMethod !== STORED) {
    throw new InputError(`${name}: expected an array stored or deflated, got compression method ${compressionMethod}`);
  }
  const file = await openBytes(path, name);
  try {
    const head = new Uint8Array(Math.min(size, NPY_HEAD));
    await file.read(head, start);
    const header = readNpyHeader(head, size, name);
    return arrayRows({ open: opener(path, name), name, ...header, start: start + header.start });
  } finally {
    await file.close();
  }
};
