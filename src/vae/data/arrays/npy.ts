/**
 * .npy: one array in a file, as numpy.save writes it.
 *
 * Read: versions 1.0, 2.0 and 3.0; float16, float32, float64, integers and bool of either byte order; C and Fortran order.
 * Written: version 1.0, little-endian, C order.
 *
 * Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
 */
import { ShapeError } from '../../../engine/errors/index.js';
import { type ArrayData, rowMajorPlaces, swapBytes } from './elementTypes.js';
import { NPY_MAGIC, NPY_PREFIX, type NpyHeader, readNpyHeader, sizeOf } from './npyHeader.js';

export interface NpyArray {
  /** Row-major. */
  readonly data: ArrayData;
  readonly shape: readonly number[];
}

/** What is written, and by which name. */
const WRITTEN = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '<i8': BigInt64Array,
  '|u1': Uint8Array,
} as const;
export type WrittenData = Float32Array | Float64Array | BigInt64Array | Uint8Array;

/** Where the data begin is a multiple of this, so that they can be mapped into memory. */
const ALIGNMENT = 64;
/** numpy leaves room for a first axis of so many digits, to append to a file in place. */
const DIGITS = 21;

const asciiBytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Bytes that are read at once: a multiple of the size of every type. */
export const PIECE = 1 << 20;

/**
 * The bytes of a .npy file, those that numpy.save writes.
 *
 * Throws: ShapeError when the shape does not hold the data.
 */
export const writeNpy = (data: WrittenData, shape: readonly number[]): Uint8Array => {
  if (sizeOf(shape) !== data.length || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(`writeNpy: expected ${data.length} values, got shape [${shape.join(', ')}]`);
  }
  const descr = Object.entries(WRITTEN).find(([, Values]) => data instanceof Values)![0];
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const room = shape.length === 0 ? 0 : DIGITS - String(shape[0]).length;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }${' '.repeat(room)}`;
  const start = Math.ceil((NPY_PREFIX + header.length + 1) / ALIGNMENT) * ALIGNMENT;

  const file = new Uint8Array(start + data.byteLength);
  file.set(NPY_MAGIC);
  file.set([1, 0], NPY_MAGIC.length);
  new DataView(file.buffer).setUint16(NPY_MAGIC.length + 2, start - NPY_PREFIX, true);
  file.set(asciiBytes(`${header.padEnd(start - NPY_PREFIX - 1)}\n`), NPY_PREFIX);
  // Typed arrays have the byte order of the machine: little-endian wherever ONNX Runtime runs.
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return file;
};

/** An array that is filled from the bytes of its file, a piece after another. */
export interface Filling {
  readonly array: NpyArray;
  /** Takes the bytes of the next values, which are changed. */
  take(bytes: Uint8Array): void;
}

/** Begins an array, whose values are yet to come. */
export const fillingOf = ({ type, bigEndian, fortran, shape }: NpyHeader): Filling => {
  const length = sizeOf(shape);
  const data = type.floats ? new Float32Array(length) : type.view(new ArrayBuffer(length * type.size));
  const places = fortran && shape.length > 1 ? rowMajorPlaces(shape) : undefined;
  let filled = 0;
  return {
    array: { data, shape },
    take: (bytes) => {
      if (bigEndian) swapBytes(bytes, type.size);
      const bits = type.view(bytes.buffer as ArrayBuffer).subarray(0, bytes.length / type.size);
      const floats = type.floats?.();
      const values: ArrayData = floats ? Float32Array.from(bits as Uint16Array, (each) => floats[each]!) : bits;
      if (places) for (let i = 0; i < values.length; i++) data[places()] = values[i]!;
      else (data as Float32Array).set(values as Float32Array, filled);
      filled += values.length;
    },
  };
};

/**
 * The array in a .npy file; float16 comes as float32. `name` is for messages.
 *
 * Throws: InputError for another format or version, for pickled objects (which would run code when read) and other types
 * that are no numbers, and for a file that is truncated or too long.
 */
export const readNpy = (file: Uint8Array, name: string): NpyArray => {
  const header = readNpyHeader(file, file.length, name);
  const { array, take } = fillingOf(header);
  for (let at = header.start; at < file.length; at += PIECE) take(Uint8Array.from(file.subarray(at, at + PIECE)));
  return array;
};
