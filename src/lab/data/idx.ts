/** Files of IDX, packed by gzip or not. */
import { constants as bufferLimits } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync, gzipSync } from 'node:zlib';
import { InputError } from '../../engine/errors/index.js';
import { decodeIdx, IDX_MAGIC, type IdxImages, type IdxLabels, MOST_PACKED } from '../../vae/data/arrays/index.js';
import { replaceFile } from './replaceFile.js';

/** Packed bytes that hold a header of IDX, and its bytes out of gzip. */
const GZIP_START = 1024;
const LONGEST_HEADER = 16;

/**
 * Reads an IDX file, packed by gzip or not.
 *
 * Throws: InputError, with the path, when there is no such file, it is empty, truncated, too long, not gzip in spite of
 * its name, damaged gzip, or neither images nor labels.
 */
export const readIdx = async (path: string): Promise<IdxImages | IdxLabels> =>
  decodeIdx(await readUnpacked(path), path);

/** The bytes of a file, out of gzip where they are in it. Throws as readIdx does. */
export const readUnpacked = async (path: string): Promise<Uint8Array> => {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${path}: expected a file that can be read, got ${error.code}`);
  });
  return unpack(bytes, path);
};

/** Takes bytes out of gzip where they are in it. `name` is for messages; it ends in .gz where gzip is due. */
export const unpack = async (bytes: Uint8Array, name: string): Promise<Uint8Array> => {
  if (bytes.length === 0) throw new InputError(`${name}: expected an IDX file, got an empty file`);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!packed) {
    if (!name.endsWith('.gz')) return bytes;
    const start = [...bytes.subarray(0, 2)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new InputError(`${name}: expected gzip (a file that begins with 1f 8b), got ${start}`);
  }
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: mostUnpacked(bytes) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new InputError(`${name}: expected as many bytes as its header says, got more`);
    }
    throw new InputError(`${name}: expected whole gzip data, got damaged data (${(error as Error).message})`);
  }
};

/** As much as the header says and a byte more, by which what is too long shows: gzip packs a thousand bytes into one. */
const mostUnpacked = (packed: Uint8Array): number => {
  const start = gunzipSync(packed.subarray(0, GZIP_START), { finishFlush: constants.Z_SYNC_FLUSH });
  if (start.length < LONGEST_HEADER) return GZIP_START * MOST_PACKED;
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const shape = view.getUint32(0) === IDX_MAGIC.images ? [4, 8, 12] : [4];
  const size = shape.reduce((product, at) => product * view.getUint32(at), 1);
  return Math.min(LONGEST_HEADER + size + 1, packed.length * MOST_PACKED, bufferLimits.MAX_LENGTH);
};

/** Writes an IDX file, by gzip where the name ends in .gz. A reader sees the old file or the whole new one. */
export const writeIdx = async (path: string, idx: IdxImages | IdxLabels): Promise<void> => {
  const shape = idx.kind === 'images' ? [idx.count, idx.height, idx.width] : [idx.count];
  const header = 4 + 4 * shape.length;
  const file = new Uint8Array(header + idx.bytes.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, idx.kind === 'images' ? IDX_MAGIC.images : IDX_MAGIC.labels);
  shape.forEach((n, i) => {
    view.setUint32(4 + 4 * i, n);
  });
  file.set(idx.bytes, header);
  await replaceFile(path, path.endsWith('.gz') ? gzipSync(file) : file);
};
