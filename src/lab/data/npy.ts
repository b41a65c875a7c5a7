/**
 * .npy: one array in a file, as numpy.save writes it.
 *
 * Read: versions 1.0, 2.0 and 3.0; float16, float32, float64, integers and bool of either byte order; C and Fortran order.
 * Written: version 1.0, little-endian, C order.
 *
 * Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
 */
import { InputError, ShapeError } from '../../engine/errors/index.js';
import { ELEMENT_TYPES, type NpyData, swapBytes, toRowMajor } from './npyTypes.js';

export type { NpyData } from './npyTypes.js';

export interface NpyArray {
  /** Row-major. */
  readonly data: NpyData;
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

/** "\x93NUMPY", then the version. */
const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
/** The magic, the version and the length of the header, in version 1.0. */
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
export const writeNpy = (data: WrittenData, shape: readonly number[]): Uint8Array => {
  if (sizeOf(shape) !== data.length || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError(`writeNpy: expected ${data.length} values, got shape [${shape.join(', ')}]`);
  }
  const descr = Object.entries(WRITTEN).find(([, Values]) => data instanceof Values)![0];
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const room = shape.length === 0 ? 0 : DIGITS - String(shape[0]).length;
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }${' '.repeat(room)}`;
  const start = Math.ceil((PREFIX + header.length + 1) / ALIGNMENT) * ALIGNMENT;

  const file = new Uint8Array(start + data.byteLength);
  file.set(MAGIC);
  file.set([1, 0], MAGIC.length);
  new DataView(file.buffer).setUint16(MAGIC.length + 2, start - PREFIX, true);
  file.set(new TextEncoder().encode(`${header.padEnd(start - PREFIX - 1)}\n`), PREFIX);
  // Typed arrays have the byte order of the machine: little-endian wherever Node.js runs ONNX Runtime.
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return file;
};

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the data begin. */
  readonly start: number;
}

const SHAPE = /'shape': *\(((?: *\d+L? *,?)*)\)/;
const DESCRIPTOR = /'descr': *'([^']*)'/;
const ORDER = /'fortran_order': *(True|False)/;

const readHeader = (file: Uint8Array, name: string): Header => {
  if (file.length < PREFIX || MAGIC.some((byte, i) => file[i] !== byte)) {
    throw new InputError(`${name}: expected a .npy file, as numpy.save writes it, got another beginning`);
  }
  const [major, minor] = [file[MAGIC.length]!, file[MAGIC.length + 1]!];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new InputError(`${name}: expected .npy of version 1.0, 2.0 or 3.0, got ${major}.${minor}`);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const prefix = major === 1 ? PREFIX : PREFIX + 2;
  const length = major === 1 ? view.getUint16(8, true) : file.length < prefix ? file.length : view.getUint32(8, true);
  const start = prefix + length;
  const text = new TextDecoder().decode(file.subarray(prefix, start));
  if (start > file.length) {
    throw new InputError(`${name}: truncated: expected a header of ${length} bytes, got ${file.length - prefix}`);
  }
  if (/'descr': *\[/.test(text)) {
    throw new InputError(`${name}: expected an array of numbers, got records (${JSON.stringify(text.trim())})`);
  }
  const [descr, order, tuple] = [DESCRIPTOR, ORDER, SHAPE].map((pattern) => pattern.exec(text)?.[1]);
  if (descr === undefined || order === undefined || tuple === undefined) {
    throw new InputError(`${name}: expected a header of .npy, got ${JSON.stringify(text.trim())}`);
  }
  const shape = tuple.split(',').flatMap((n) => (n.trim() === '' ? [] : [Number.parseInt(n, 10)]));
  return { descr, fortran: order === 'True', shape, start };
};

/**
 * The array in a .npy file; float16 comes as float32. `name` is for messages.
 *
 * Throws: InputError for another format or version, for pickled objects (which would run code when read) and other types
 * that are no numbers, and for a file that is truncated or too long.
 */
export const readNpy = (file: Uint8Array, name: string): NpyArray => {
  const { descr, fortran, shape, start } = readHeader(file, name);
  const [order, kind] = [descr[0]!, descr.slice(1)];
  if (kind.startsWith('O')) {
    throw new InputError(
      `${name}: expected an array of numbers, got pickled Python objects; save with np.save(..., allow_pickle=False)`,
    );
  }
  const type = Object.hasOwn(ELEMENT_TYPES, kind) && '<>|='.includes(order) ? ELEMENT_TYPES[kind] : undefined;
  if (type === undefined) {
    throw new InputError(`${name}: expected floats of 16, 32 or 64 bits, integers or bool, got type ${descr}`);
  }
  const size = sizeOf(shape) * type.size;
  const got = file.length - start;
  if (got !== size) {
    const what = got < size ? 'truncated: expected' : 'expected';
    throw new InputError(`${name}: ${what} ${size} bytes for shape [${shape.join(', ')}], got ${got}`);
  }
  // A copy, because the file may lie anywhere in its buffer; not by slice, which is a view where the file is a Buffer.
  const bytes = Uint8Array.from(file.subarray(start));
  if (order === '>') swapBytes(bytes, type.size);
  const data = type.decode(bytes.buffer);
  return { data: fortran ? toRowMajor(data, shape) : data, shape };
};
