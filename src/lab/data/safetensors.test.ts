import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damagedFile } from '../../../test/support/damagedFile.js';
import { readRows, saved, withFolder } from '../../../test/support/rows.js';
import { InputError } from '../../engine/errors/index.js';
import { openSafetensors } from '../../vae/data/arrays/index.js';
import { openBytes } from './byteFile.js';

/** A file with this header, and these bytes behind it. */
const fileOf = (header: unknown, data: Uint8Array): Buffer => {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([prefix, text, data]);
};
const bytesOf = (values: ArrayBufferView): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** The one tensor `x` of a file. */
const oneTensor = (dtype: string, shape: readonly number[], data: ArrayBufferView): Buffer =>
  fileOf({ x: { dtype, shape, data_offsets: [0, data.byteLength] } }, bytesOf(data));

const read = async (path: string): Promise<Record<string, number[]>> => {
  const archive = await openSafetensors(() => openBytes(path, 'a.safetensors'), 'a.safetensors');
  const tensors: Record<string, number[]> = {};
  for (const name of archive.names) tensors[name] = await readRows(await archive.rows(name));
  return tensors;
};
const refusal = (bytes: Uint8Array): Promise<string> =>
  withFolder(async (folder) => {
    const error: unknown = await read(await saved(folder, 'a', bytes)).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  });

describe('tensors', () => {
  it('are read by name', () =>
    withFolder(async (folder) => {
      const header = {
        __metadata__: { format: 'pt' },
        mu: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
        labels: { dtype: 'I64', shape: [2], data_offsets: [16, 32] },
      };
      const data = Buffer.concat([bytesOf(Float32Array.of(1, 2, 3, 4)), bytesOf(BigInt64Array.of(5n, -6n))]);
      expect(await read(await saved(folder, 'a', fileOf(header, data)))).toEqual({ mu: [1, 2, 3, 4], labels: [5, -6] });
    }));

  it.each<[string, ArrayBufferView]>([
    ['F64', Float64Array.of(1, -2)],
    ['F16', Uint16Array.of(0x3c00, 0xc000)],
    ['BF16', Uint16Array.of(0x3f80, 0xc000)],
    ['I32', Int32Array.of(1, -2)],
    ['I16', Int16Array.of(1, -2)],
    ['I8', Int8Array.of(1, -2)],
  ])('may be %s', (dtype, data) =>
    withFolder(async (folder) => {
      expect(await read(await saved(folder, 'a', oneTensor(dtype, [2, 1], data)))).toEqual({ x: [1, -2] });
    }),
  );
});

describe('a file that is no whole .safetensors', () => {
  const tensor = (changes: object): Buffer =>
    fileOf({ x: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8], ...changes } }, Buffer.alloc(8));
  const long = Buffer.from(tensor({}));
  long.writeBigUInt64LE(1n << 62n);

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(3), 'a.safetensors: expected a header of 8 bytes and more, got 3'],
    ['an endless header', long, 'a.safetensors: expected a header of at most 64 bytes, got 4611686018427387904'],
    ['no JSON', fileOf('{"x": ', Buffer.alloc(8)), 'expected a header of JSON at offset 8, got other bytes'],
    ['a list', fileOf([1], Buffer.alloc(8)), 'expected a header of JSON at offset 8, got other bytes'],
    ['nested without end', fileOf('['.repeat(1e6), Buffer.alloc(8)), 'expected a header of JSON at offset 8'],
    [
      'no tensor',
      fileOf({ x: 3 }, Buffer.alloc(8)),
      'a.safetensors:x: expected a shape and two offsets in the header, got 3',
    ],
    ['a negative shape', tensor({ shape: [-1, -2] }), 'expected a shape and two offsets in the header, got {'],
    ['a shape of text', tensor({ shape: ['1', 2] }), 'expected a shape and two offsets in the header, got {'],
    ['one offset', tensor({ data_offsets: [0] }), 'expected a shape and two offsets in the header, got {'],
    ['a huge shape', tensor({ shape: [2 ** 50, 2 ** 50] }), 'for shape [1125899906842624, 1125899906842624], got 8'],
    ['another type', tensor({ dtype: 'F8_E4M3' }), 'expected one of F64, F32, F16, BF16, I64'],
    ['a type from nowhere', tensor({ dtype: 'constructor' }), 'got type "constructor"'],
    [
      'offsets outside',
      tensor({ data_offsets: [8, 16] }),
      'expected offsets in the 8 bytes that follow the header, got offsets 8 to 16',
    ],
    ['offsets turned round', tensor({ data_offsets: [8, 0] }), 'got offsets 8 to 0'],
    ['another size', tensor({ shape: [1, 1] }), 'a.safetensors:x: expected 4 bytes for shape [1, 1], got 8'],
    [
      'no column',
      tensor({ shape: [4, 0], data_offsets: [0, 0] }),
      'expected at least one row and one column, got shape [4, 0]',
    ],
  ])('is refused: %s', async (_, bytes, text) => {
    expect(await refusal(bytes)).toContain(text);
  });

  it('never does more than be refused by its name', () =>
    withFolder(async (folder) => {
      const files = [
        oneTensor('F32', [2, 2], Float32Array.of(1, 2, 3, 4)),
        oneTensor('BF16', [3, 1], new Uint16Array(3)),
      ];
      await fc.assert(
        fc.asyncProperty(damagedFile(files), async (bytes) => {
          const outcome = await read(await saved(folder, 'a', bytes)).catch((error: unknown) => error);
          if (!(outcome instanceof Error)) return;
          expect(outcome).toBeInstanceOf(InputError);
          expect(outcome.message).toMatch(/^a\.safetensors/);
        }),
        { seed: 6, numRuns: 300 },
      );
    }));
});
