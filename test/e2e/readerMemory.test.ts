/** Memory of every reader, measured from outside: what a file makes a process take, honest or not. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { File as Hdf5File, ready } from 'h5wasm/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../src/vae/data/arrays/index.js';
import { measureReader, type Reader } from '../support/measureReader.js';
import { saved } from '../support/rows.js';
import { writeTable } from '../support/tableFile.js';
import { zipOf } from '../support/zip.js';

const MIB = 2 ** 20;
/** What a reader takes whatever the size of its file: blocks, buffers of its library, garbage that is not yet collected. */
const ROOM = 64 * MIB;
/** Of those that read a block after another, and keep none. */
const STREAM_ROOM = 40 * MIB;
/** Of DuckDB, whose threads have buffers of their own: 32 MB each for CSV, a row group each for Parquet. */
const TABLE_ROOM = 128 * MIB;
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
/** A file whose header says something else, as long. */
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
const tableOf = (n: number): string => `select ${columns} from range(${n})`;

/** A file of a kind with n rows: `small` warms the process, `large` is measured. */
type Make = (name: string, n: number) => Promise<string>;
const npy = (n: number): Uint8Array => writeNpy(codes(n), [n, D]);
const bytesNpy = (n: number): Uint8Array => writeNpy(noisy(4 * n * D), [n, 4 * D]);
/** Half of the bytes make the header, as of an array of bytes; the other half makes them halves. */
const halvesNpy = (n: number): Uint8Array => {
  const half = noisy(2 * n * D);
  return Buffer.concat([headed(writeNpy(half, [n, 2 * D]), "'|u1'", "'<f2'"), half]);
};
const squares = (n: number): Uint8Array => noisy((n * 4 * D) & -(SIDE * SIDE));
const squaresNpy = (n: number): Uint8Array => writeNpy(squares(n), [squares(n).length / SIDE ** 2, SIDE, SIDE]);
const idxOf = (n: number): Buffer => idx(0x803, [squares(n).length / SIDE ** 2, SIDE, SIDE], squares(n));
const FILES = {
  npy: (name, n) => saved(folder, `${name}.npy`, npy(n)),
  'npy of bytes': (name, n) => saved(folder, `${name}.npy`, bytesNpy(n)),
  'npy of halves': (name, n) => saved(folder, `${name}.npy`, halvesNpy(n)),
  'npy by columns': (name, n) => saved(folder, `${name}.npy`, headed(npy(n), 'False,', 'True, ')),
  'npy of images': (name, n) => saved(folder, `${name}.npy`, squaresNpy(n)),
  'npz stored': (name, n) => saved(folder, `${name}.npz`, zipOf([{ name: 'x.npy', content: npy(n), stored: true }])),
  'npz deflated': (name, n) => saved(folder, `${name}.npz`, zipOf([{ name: 'x.npy', content: npy(n) }])),
  safetensors: (name, n) => saved(folder, `${name}.safetensors`, safetensors('F32', [n, D], bytesOf(codes(n)))),
  'safetensors of halves': (name, n) =>
    saved(folder, `${name}.safetensors`, safetensors('BF16', [n, 2 * D], bytesOf(codes(n)))),
  hdf5: async (name, n) => hdf5(join(folder, `${name}.h5`), codes(n), [n, D], false),
  'hdf5 packed': async (name, n) => hdf5(join(folder, `${name}.h5`), codes(n), [n, D], true),
  csv: (name, n) => writeTable(folder, `${name}.csv`, tableOf(n / 2)),
  parquet: (name, n) => writeTable(folder, `${name}.parquet`, tableOf(n)),
  idx: (name, n) => saved(folder, name, idxOf(n)),
  'idx packed': (name, n) => saved(folder, `${name}.gz`, gzipSync(idxOf(n), { level: 1 })),
} satisfies Record<string, Make>;

/** A file, how it is read, and how many bytes of memory each of its bytes holds. */
const honest: readonly (readonly [keyof typeof FILES, Reader, number])[] = [
  ['npy of halves', 'codes', 2],
  ['npy of bytes', 'codes', 4],
  ['npy of images', 'images', 1],
  ['npy', 'array', 1],
  ['npy of halves', 'array', 2],
  ['npy by columns', 'array', 1],
  ['idx', 'idx', 1],
  ['idx packed', 'idx', 1],
  ['csv', 'rows', 1],
  ['parquet', 'rows', 1],
  ['csv', 'query', 1],
  ['parquet', 'query', 1],
];
const streamed: readonly (keyof typeof FILES)[] = [
  'npy',
  'npy of bytes',
  'npy of halves',
  'npy by columns',
  'npz stored',
  'npz deflated',
  'safetensors',
  'safetensors of halves',
  'hdf5',
  'hdf5 packed',
];

const roomOf = (path: string): number => (/\.(csv|parquet)(\.gz)?$/.test(path) ? TABLE_ROOM : ROOM);

const measure = async (kind: keyof typeof FILES, reader: Reader) => {
  const [small, large] = [await FILES[kind]('small', SMALL), await FILES[kind]('large', N)];
  const { size } = await stat(large);
  return { size, room: roomOf(large), ...(await measureReader(reader, small, large)) };
};

describe('an honest file', () => {
  it.each(honest)('takes at most twice what it decodes to: %s as %s', async (kind, reader, decoded) => {
    const { size, bytes, room, result } = await measure(kind, reader);
    expect(result).not.toBeTypeOf('string');
    expect(bytes).toBeLessThan(2 * decoded * size + room);
  });

  it.each(streamed)('takes the same whatever its size: %s by rows', async (kind) => {
    const { size, bytes, result } = await measure(kind, 'rows');
    expect(size).toBeGreaterThan(20 * MIB);
    expect(result).not.toBeTypeOf('string');
    expect(bytes).toBeLessThan(STREAM_ROOM);
  });
});

const HUGE = 2 ** 40;
const zeros = (mib: number): Uint8Array => new Uint8Array(mib * MIB);
const hugeNpy = (): Uint8Array =>
  headed(writeNpy(new Float32Array(8), [8, 1]), '(8, 1), }            ', `(${HUGE}, 1), }`);
const zipped = (content: Uint8Array, says = {}): Buffer => zipOf([{ name: 'x.npy', content, says }]);
const hugeHeader = (): Buffer => {
  const bytes = safetensors('F32', [1], new Uint8Array(4));
  bytes.writeBigUInt64LE(1n << 40n);
  return bytes;
};
const manyTypes = (): Buffer =>
  Buffer.concat([Buffer.from([0x08, 0x0a, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x07]), Buffer.alloc(64)]);

/** Files of another size than they say, and what is said of them. */
const hostile: readonly (readonly [string, Reader, string, () => Uint8Array, RegExp])[] = [
  ['a shape of 2^40 rows', 'rows', 'a.npy', hugeNpy, /truncated: expected 4398046511104 bytes/],
  ['the same, whole', 'array', 'a.npy', hugeNpy, /truncated: expected 4398046511104 bytes/],
  ['an entry that claims 4 GB', 'rows', 'a.npz', () => zipped(npy(1), { size: 2 ** 32 - 2 }), /expected at most 1032/],
  ['an entry of 2^40 rows', 'rows', 'a.npz', () => zipped(hugeNpy()), /x: truncated: expected 4398046511104 bytes/],
  [
    'an entry that goes on after its end',
    'rows',
    'a.npz',
    () => zipped(Buffer.concat([npy(1), zeros(64)]), { size: npy(1).length }),
    /expected \d+ bytes as the archive says, got more/,
  ],
  ['a header of 2^40 bytes', 'rows', 'a.safetensors', hugeHeader, /expected a header of at most/],
  [
    'tensors beyond the file',
    'rows',
    'a.safetensors',
    () => safetensors('F32', [HUGE / 4], new Uint8Array(8), HUGE),
    /expected offsets in the 8 bytes that follow the header/,
  ],
  ['images beyond the file', 'idx', 'a.idx', () => idx(0x803, [2 ** 31, 2 ** 10, 2 ** 10], zeros(1)), /truncated/],
  [
    'gzip that claims absurdly much',
    'idx',
    'a.gz',
    () => gzipSync(idx(0x803, [2 ** 31, 2 ** 10, 2 ** 10], zeros(64))),
    /expected at most 100 bytes from each/,
  ],
  [
    'gzip with more than its header says',
    'idx',
    'b.gz',
    () => gzipSync(Buffer.concat([idx(0x801, [4], new Uint8Array(4)), zeros(64)])),
    /expected as many bytes as its header says, got more/,
  ],
  ['an endless field', 'rows', 'a.csv', () => Buffer.from(`a,b\n1,${'2'.repeat(16 * MIB)}`), /a\.csv: expected/],
  ['an endless second line', 'rows', 'c.csv', () => Buffer.from(`a,b\n${'1,'.repeat(8 * MIB)}`), /c\.csv: expected/],
  [
    'one endless line',
    'rows',
    'b.csv',
    () => Buffer.from('1,'.repeat(8 * MIB)),
    /expected a first line of at most 1048576 bytes/,
  ],
  [
    'one endless line, packed',
    'rows',
    'b.csv.gz',
    () => gzipSync('1,'.repeat(32 * MIB)),
    /expected a first line of at most 1048576 bytes/,
  ],
  [
    'a hundred thousand columns',
    'rows',
    'd.csv',
    () => Buffer.from(`${'1,'.repeat(1e5)}1\n`),
    /expected at most 16384 columns, got 100001/,
  ],
  ['a model of endless lists', 'model', 'a.onnx', manyTypes, /a\.onnx: expected an ONNX model/],
];

describe('a hostile file', () => {
  it.each(hostile)('is refused with its name, for next to no memory: %s', async (_, reader, name, make, text) => {
    const content = make();
    const path = await saved(folder, name, content);
    const { bytes, reserved, result } = await measureReader(reader, '/none', path);
    expect(result).toMatch(text);
    expect(result).toContain(`InputError: ${path}`);
    expect(bytes).toBeLessThan(2 * content.length + roomOf(path));
    expect(reserved).toBeLessThan(RESERVED);
  });

  it('is refused where its chunks are larger than its data could be', async () => {
    const path = join(folder, 'chunk.h5');
    const file = new Hdf5File(path, 'w');
    const shape = [2 ** 18, 128];
    const data = new Float32Array(shape[0]! * shape[1]!);
    file.create_dataset({ name: 'x', data, shape, chunks: shape, compression: 'gzip' });
    file.close();
    const { bytes, result } = await measureReader('rows', '/none', path);
    expect(result).toMatch(/chunk\.h5:x: a chunk \[262144, 128\]: expected at most 100 bytes from each/);
    expect(bytes).toBeLessThan(ROOM);
  });

  it('is refused where a hundred million equal rows are packed into a few pages', async () => {
    const path = await writeTable(folder, 'bomb.parquet', 'select 1::float as z from range(100000000)');
    const { bytes, result } = await measureReader('rows', '/none', path);
    expect(result).toMatch(/bomb\.parquet: expected at most 100 bytes from each .* got a claim of 400000000 bytes/);
    expect(bytes).toBeLessThan(TABLE_ROOM);
  });
});
