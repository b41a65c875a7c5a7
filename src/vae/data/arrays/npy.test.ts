import { describe, expect, it } from 'vitest';
import { readReference } from '../../../../test/support/reference.js';
import { InputError, ShapeError } from '../../../engine/errors/index.js';
import { readNpy, type WrittenData, writeNpy } from './npy.js';

interface Reference {
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
  readonly file: string;
}
const reference = readReference<Record<string, Reference>>('npy');

const arrayOf = (kind: string, values: readonly (number | string)[]): WrittenData => {
  if (kind === 'int64') return BigInt64Array.from(values, (v) => BigInt(v));
  if (kind === 'uint8') return Uint8Array.from(values, Number);
  return kind === 'float32' || kind === 'empty' ? Float32Array.from(values, Number) : Float64Array.from(values, Number);
};

describe.each(Object.entries(reference))('%s', (kind, { shape, values, file }) => {
  const bytes = Uint8Array.from(Buffer.from(file, 'hex'));

  it('is written in the bytes of numpy', () => {
    expect(writeNpy(arrayOf(kind, values), shape)).toEqual(bytes);
  });

  it('is read as numpy wrote it, wherever it lies in its buffer', () => {
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    const expected = { data: arrayOf(kind, values), shape };
    expect(readNpy(shifted.subarray(1), 'a.npy')).toEqual(expected);
    expect(readNpy(Buffer.from(shifted.buffer).subarray(1), 'a.npy')).toEqual(expected);
  });
});

const others = readReference<{
  readonly read: Record<string, Reference>;
  readonly refused: Record<'objects' | 'records' | 'text' | 'complex', string>;
}>('npy_read');

describe('what numpy saves otherwise', () => {
  it.each(Object.entries(others.read))('is read row by row: %s', (_, { shape, values, file }) => {
    const read = readNpy(Buffer.from(file, 'hex'), 'a.npy');
    expect(read.shape).toEqual(shape);
    expect(Array.from(read.data as ArrayLike<number | bigint>, Number)).toEqual(values);
  });

  it('is read into the smallest type that holds it', () => {
    const types = Object.entries(others.read).map(([kind, { file }]) => [
      kind,
      readNpy(Buffer.from(file, 'hex'), 'a.npy').data.constructor.name,
    ]);
    expect(Object.fromEntries(types)).toMatchObject({
      '<f2': 'Float32Array',
      '>f8': 'Float64Array',
      '>i4': 'Int32Array',
    });
  });

  it('keeps NaN and infinity of halves', () => {
    const bits = Buffer.from(others.read.halves!.file, 'hex');
    bits.writeUInt16LE(0x7c00, bits.length - 2);
    bits.writeUInt16LE(0xfe00, bits.length - 4);
    expect(Array.from(readNpy(bits, 'a.npy').data as Float32Array).slice(-2)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it.each([
    ['objects', 'got pickled Python objects; save with np.save(..., allow_pickle=False)'],
    ['records', 'expected an array of numbers, got records'],
    ['text', 'integers or bool, got type <U2'],
    ['complex', 'integers or bool, got type <c16'],
  ] as const)('is refused: %s', (kind, text) => {
    const file = Buffer.from(others.refused[kind], 'hex');
    expect(() => readNpy(file, 'a.npy')).toThrow(InputError);
    expect(() => readNpy(file, 'a.npy')).toThrow(text);
  });
});

describe('a .npy file', () => {
  const file = writeNpy(Float32Array.of(1, 2, 3, 4), [2, 2]);
  const changed = (from: string, to: string): Uint8Array =>
    Uint8Array.from(Buffer.from(Buffer.from(file).toString('latin1').replace(from, to), 'latin1'));

  it('begins its data at a multiple of 64, whatever the shape', () => {
    for (const axes of [0, 1, 5, 12, 40]) {
      const long = writeNpy(Uint8Array.of(7), new Array<number>(axes).fill(1));
      expect((long.length - 1) % 64).toBe(0);
      expect(readNpy(long, 'a.npy')).toEqual({ data: Uint8Array.of(7), shape: new Array(axes).fill(1) });
    }
  });

  it('holds part of a larger array', () => {
    const part = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(readNpy(writeNpy(part, [2]), 'a.npy').data).toEqual(Float32Array.of(1, 2));
  });

  it.each([
    ['another format', Uint8Array.of(1, 2, 3), 'expected a .npy file, as numpy.save writes it, got another beginning'],
    ['another version', changed('\x01\x00', '\x04\x00'), 'expected .npy of version 1.0, 2.0 or 3.0, got 4.0'],
    ['a header cut short', file.subarray(0, 20), 'truncated: expected a header of 118 bytes, got 10'],
    ['a longer header cut short', changed('\x01\x00', '\x02\x00').subarray(0, 11), 'truncated: expected a header'],
    ['another type', changed('<f4', '<c8'), 'expected floats of 16, 32 or 64 bits, integers or bool, got type <c8'],
    ['a header without a shape', changed("'shape'", "'shade'"), 'expected a header of .npy, got'],
    ['too few values', file.subarray(0, -1), 'truncated: expected 16 bytes for shape [2, 2], got 15'],
    ['too many values', changed('(2, 2)', '(2, 1)'), 'expected 8 bytes for shape [2, 1], got 16'],
  ])('is refused: %s', (_, bytes, text) => {
    expect(() => readNpy(bytes, 'a.npy')).toThrow(InputError);
    expect(() => readNpy(bytes, 'a.npy')).toThrow(text);
  });

  it('is not written for a shape that does not hold the data', () => {
    const text = 'writeNpy: expected 3 values, got shape [2, 2]';
    expect(() => writeNpy(new Float32Array(3), [2, 2])).toThrow(new ShapeError(text));
    expect(() => writeNpy(new Float32Array(1), [-1, -1])).toThrow(ShapeError);
  });
});
