/**
 * .npy: one array in a file, as numpy.save writes it. Version 1.0, little-endian, C order.
 *
 * Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
 */
import { InputError, ShapeError } from '../../engine/errors/index.js';

export type NpyData = Float32Array | Float64Array | BigInt64Array | Uint8Array;

export interface NpyArray {
  /** Row-major. */
  readonly data: NpyData;
  readonly shape: readonly number[];
}

const TYPES = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '<i8': BigInt64Array,
  '|u1': Uint8Array,
} as const;
type Descriptor = keyof typeof TYPES;

/** "\x93NUMPY", then the version. */
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
/** The magic and the length of the header. */
const PREFIX = 10;
/** Where the data begin is a multiple of this, so that they can be mapped into memory. */
const ALIGNMENT = 64;
/** numpy leaves room for a first axis of so many digits, to append to a file in place. */
const DIGITS = 21;

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/**
 * The bytes of a .npy file, those that numpy.save writes.
 *
 * Throws: ShapeError when the shape does not hold the data.
 */
export const writeNpy = (data: NpyData, shape: readonly number[]): Uint8Array => {
  if (sizeOf(shape) !== data.length || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(`writeNpy: expected ${data.length} values, got shape [${shape.join(', ')}]`);
  }
  const descr = (Object.keys(TYPES) as Descriptor[]).find((name) => data instanceof TYPES[name]);
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const room = shape.length === 0 ? 0 : DIGITS - String(shape[0]).length;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }${' '.repeat(room)}`;
  const start = Math.ceil((PREFIX + header.length + 1) / ALIGNMENT) * ALIGNMENT;

  const file = new Uint8Array(start + data.byteLength);
  file.set(MAGIC);
  new DataView(file.buffer).setUint16(MAGIC.length, start - PREFIX, true);
  file.set(new TextEncoder().encode(`${header.padEnd(start - PREFIX - 1)}\n`), PREFIX);
  // Typed arrays have the byte order of the machine: little-endian wherever Node.js runs ONNX Runtime.
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return file;
};

const HEADER = /^\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(((?:\d+,? ?)*)\), \} *\n$/;

/**
 * Reads what writeNpy writes. `name` is for messages.
 *
 * Throws: InputError for another format, version, type or order, and for a file that is truncated or too long.
 */
export const readNpy = (file: Uint8Array, name: string): NpyArray => {
  if (file.length < PREFIX || MAGIC.some((byte, i) => file[i] !== byte)) {
    throw new InputError(`${name}: expected a .npy file of version 1.0, got another beginning`);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = PREFIX + view.getUint16(MAGIC.length, true);
  const text = new TextDecoder().decode(file.subarray(PREFIX, start));
  const header = HEADER.exec(text);
  if (!header) throw new InputError(`${name}: expected a header of .npy, got ${JSON.stringify(text.trim())}`);
  const [, descr, fortran, tuple] = header as unknown as [string, string, string, string];
  if (!Object.hasOwn(TYPES, descr)) {
    throw new InputError(`${name}: expected values of type ${Object.keys(TYPES).join(', ')}, got ${descr}`);
  }
  if (fortran === 'True') throw new InputError(`${name}: expected values in C order, got Fortran order`);

  const shape = tuple.split(',').flatMap((n) => (n.trim() === '' ? [] : [Number(n)]));
  const Values = TYPES[descr as Descriptor];
  const size = sizeOf(shape) * Values.BYTES_PER_ELEMENT;
  const got = file.length - start;
  if (got !== size) {
    throw new InputError(`${name}: expected ${size} bytes for shape [${shape.join(', ')}], got ${got}`);
  }
  // A copy, because the file may lie anywhere in its buffer; not by slice, which is a view where the file is a Buffer.
  return { data: new Values(Uint8Array.from(file.subarray(start)).buffer), shape };
};
