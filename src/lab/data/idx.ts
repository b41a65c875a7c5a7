/** Files of IDX, packed by gzip or not. */
import { readFile } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync, gzipSync } from 'node:zlib';
import { InputError } from '../../engine/errors/index.js';
import {
  decodeIdx,
  IDX_MAGIC,
  type IdxImages,
  type IdxLabels,
  MOST_PACKED,
  requireModest,
} from '../../vae/data/arrays/index.js';
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
    return await inflated(bytes, mostUnpacked(bytes, name), name);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: expected whole gzip data, got damaged data (${(error as Error).message})`);
  }
};

/**
 * As much as the header says and a byte more, by which what is too long shows.
 *
 * Throws: InputError where the header says more than is plausible for a file of this size.
 */
const mostUnpacked = (packed: Uint8Array, name: string): number => {
  const start = gunzipSync(packed.subarray(0, GZIP_START), { finishFlush: constants.Z_SYNC_FLUSH });
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const magic = start.length < LONGEST_HEADER ? undefined : view.getUint32(0);
  // Too short, or no IDX, which is said of what fits here.
  if (magic !== IDX_MAGIC.images && magic !== IDX_MAGIC.labels) return GZIP_START * MOST_PACKED;
  const shape = magic === IDX_MAGIC.images ? [4, 8, 12] : [4];
  const size = shape.reduce((product, at) => product * view.getUint32(at), 1);
  requireModest(size, packed.length, name);
  return LONGEST_HEADER + size + 1;
};

/** Unpacks chunk by chunk to where the content is kept. Throws: InputError where more than `most` bytes come out. */
const inflated = async (packed: Uint8Array, most: number, name: string): Promise<Uint8Array> => {
  const content = new Uint8Array(most);
  let length = 0;
  // What goes wrong is thrown by the iterator.
  const chunks = pipeline(Readable.from([packed]), createGunzip(), () => {});
  for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
    if (length + chunk.length > most) {
      throw new InputError(`${name}: expected as many bytes as its header says, got more`);
    }
    content.set(chunk, length);
    length += chunk.length;
  }
  return content.subarray(0, length);
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
