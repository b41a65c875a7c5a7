/** Memory of every reader, measured from outside: what a file makes a process take, honest or not. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { File as Hdf5File, ready } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../src/lab/data/npy.js';
import { measureReader, type Reader } from '../support/measureReader.js';
import { writeParquet } from '../support/parquet.js';
import { saved } from '../support/rows.js';
import { zipOf } from '../support/zip.js';

const MIB = 2 ** 20;
/** What a reader takes whatever the size of its file: blocks, buffers of its library, garbage that is not yet collected. */
const ROOM = 64 * MIB;
/** Of those that read a block after another, and keep none. */
const STREAM_ROOM = 40 * MIB;
/** Address space that threads and allocators take beside it. */
const RESERVED = 1024 * MIB;

/** Rows and columns of honest files. */
const [N, D] = [65_536, 128];
const [SMALL, SIDE] = [4, 32];

let folder = '';
beforeAll(async () => {
  await ready;
  folder = await mkdtemp(join(tmpdir(), 'zdist-memory-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Bytes that no packing makes small. Source: Marsaglia's xorshift32. */
const noisy = (length: number): Uint8Array => {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0, x = 2463534242; i < words.length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[i] = x;
  }
  return new Uint8Array(words.buffer, 0, length);
};
/** Numbers of [0, 1), n rows of D. */
const codes = (n: number): Float32Array =>
  Float32Array.from(new Uint32Array(noisy(4 * n * D).buffer), (word) => (word >>> 8) / 2 ** 24);
/** The same header for an array of another type: numpy's float16, and columns one after another. */
const headed = (file: Uint8Array, from: string, to: string): Uint8Array => {
  const bytes = Buffer.from(file);
  bytes.write(to, bytes.indexOf(from), 'latin1');
  return bytes;
};

const safetensors = (dtype: string, shape: readonly number[], data: Uint8Array, end = data.length): Buffer => {
  const header = Buffer.from(JSON.stringify({ x: { dtype, shape, data_offsets: [0, end] } }));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([prefix, header, data]);
};
const idx = (magic: number, shape: readonly number[], data: Uint8Array): Buffer => {
  const header = Buffer.alloc(4 + 4 * shape.length);
  for (const [i, word] of [magic, ...shape].entries()) header.writeUInt32BE(word, 4 * i);
  return Buffer.concat([header, data]);
};
const hdf5 = (path: string, data: Float32Array, shape: number[], packed: boolean): string => {
  const file = new Hdf5File(path, 'w');
  file.create_dataset({ name: 'x', data, shape, ...(packed && { chunks: [256, shape[1]!], compression: 'gzip' }) });
  file.close();
  return path;
};
const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const columns = Array.from({ length: D }, (_, i) => `random()::float as z_${i}`).join(', ');

/** A file of a kind with n rows: `small` warms the process, `large` is measured. */
type Make = (name: string, n: number) => Promise<string>;
const npy = (n: number): Uint8Array => writeNpy(codes(n), [n, D]);
const bytesNpy = (n: number): Uint8Array => writeNpy(noisy(4 * n * D), [n, 4 * D]);
const squares = (n: number): Uint8Array => noisy((n * 4 * D) & -(SIDE * SIDE));
const squaresNpy = (n: number): Uint8Array => writeNpy(squares(n), [squares(n).length / SIDE ** 2, SIDE, SIDE]);
const idxOf = (n: number): Buffer => idx(0x803, [squares(n).length / SIDE ** 2, SIDE, SIDE], squares(n));
const FILES = {
  npy: (name, n) => saved(folder, `${name}.npy`, npy(n)),
  'npy of bytes': (name, n) => saved(folder, `${name}.npy`, bytesNpy(n)),
  'npy of halves': (name, n) =>
    saved(folder, `${name}.npy`, headed(writeNpy(noisy(4 * n * D), [n, 2 * D, 2].slice(0, 3)), "'|u1'", "'|u1'")),
  'npy by columns': (name, n) => saved(folder, `${name}.npy`, headed(npy(n), 'False,', 'True, ')),
  'npy of images': (name, n) => saved(folder, `${name}.npy`, squaresNpy(n)),
  'npz stored': (name, n) => saved(folder, `${name}.npz`, zipOf([{ name: 'x.npy', content: npy(n), stored: true }])),
  'npz deflated': (name, n) => saved(folder, `${name}.npz`, zipOf([{ name: 'x.npy', content: npy(n) }])),
  safetensors: (name, n) => saved(folder, `${name}.safetensors`, safetensors('F32', [n, D], bytesOf(codes(n)))),
  'safetensors of halves': (name, n) =>
    saved(folder, `${name}.safetensors`, safetensors('BF16', [n, 2 * D], bytesOf(codes(n)))),
  hdf5: async (name, n) => hdf5(join(folder, `${name}.h5`), codes(n), [n, D], false),
  'hdf5 packed': async (name, n) => hdf5(join(folder, `${name}.h5`), codes(n), [n, D], true),
  parquet: (name, n) => writeParquet(folder, `${name}.parquet`, `select ${columns} from range(${n})`),
  idx: (name, n) => saved(folder, name, idxOf(n)),
  'idx packed': (name, n) => saved(folder, `${name}.gz`, gzipSync(idxOf(n), { level: 1 })),
} satisfies Record<string, Make>;
