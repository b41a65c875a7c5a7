/**
 * The header of a .npy file: versions 1.0, 2.0 and 3.0.
 *
 * Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
 */
import { InputError } from '../../../engine/errors/index.js';
import { ELEMENT_TYPES, type ElementType } from './elementTypes.js';

/** "\x93NUMPY", then the version. */
export const NPY_MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
/** The magic, the version and the length of the header, in version 1.0. */
export const NPY_PREFIX = 10;
/** Bytes from the beginning of a file that hold any header there is reason to read; numpy itself stops at 10,000. */
export const NPY_HEAD = 1 << 16;

export interface NpyHeader {
  readonly type: ElementType;
  readonly bigEndian: boolean;
  /** Whether the first axis is the fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the data begin. */
  readonly start: number;
}

const SHAPE = /'shape': *\(([\d, L]*)\)/;
const DESCRIPTOR = /'descr': *'([^']*)'/;
const ORDER = /'fortran_order': *(True|False)/;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/** The dictionary of the header, and where the data begin. */
const headerText = (head: Uint8Array, fileSize: number, name: string): { text: string; start: number } => {
  if (head.length < NPY_PREFIX || NPY_MAGIC.some((byte, i) => head[i] !== byte)) {
    throw new InputError(`${name}: expected a .npy file, as numpy.save writes it, got another beginning`);
  }
  const [major, minor] = [head[NPY_MAGIC.length]!, head[NPY_MAGIC.length + 1]!];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new InputError(`${name}: expected .npy of version 1.0, 2.0 or 3.0, got ${major}.${minor}`);
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const prefix = major === 1 ? NPY_PREFIX : NPY_PREFIX + 2;
  if (head.length < prefix) {
    throw new InputError(`${name}: truncated: expected a header of ${prefix} bytes and more, got ${head.length}`);
  }
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = prefix + length;
  if (start > fileSize) {
    throw new InputError(`${name}: truncated: expected a header of ${length} bytes, got ${fileSize - prefix}`);
  }
  if (start > head.length) {
    throw new InputError(`${name}: expected a header of at most ${NPY_HEAD - prefix} bytes, got ${length}`);
  }
  // Version 3.0 has UTF-8 in names of fields alone, and records are refused.
  const text = Array.from(head.subarray(prefix, start), (byte) => String.fromCharCode(byte)).join('');
  return { text, start };
};

const elementType = (descr: string, name: string): { type: ElementType; bigEndian: boolean } => {
  const [order, kind] = [descr.slice(0, 1), descr.slice(1)];
  if (kind.startsWith('O')) {
    throw new InputError(
      `${name}: expected an array of numbers, got pickled Python objects; save with np.save(..., allow_pickle=False)`,
    );
  }
  const types: Readonly<Record<string, ElementType>> = ELEMENT_TYPES;
  const type = Object.hasOwn(types, kind) && '<>|='.includes(order) ? types[kind] : undefined;
  // numpy has no bfloat16 of its own: what is read under that name comes from other formats.
  if (type === undefined || kind === 'bf2') {
    throw new InputError(`${name}: expected floats of 16, 32 or 64 bits, integers or bool, got type ${descr}`);
  }
  return { type, bigEndian: order === '>' };
};

/**
 * Reads a header from the first bytes of a file, min(fileSize, NPY_HEAD) of them at least. `name` is for messages.
 *
 * Throws: InputError for another format or version, for pickled objects (which would run code when read) and other types
 * that are no numbers, and where the file has not the size that type and shape ask for.
 */
export const readNpyHeader = (head: Uint8Array, fileSize: number, name: string): NpyHeader => {
  const { text, start } = headerText(head, fileSize, name);
  if (/'descr': *\[/.test(text)) {
    throw new InputError(`${name}: expected an array of numbers, got records (${quoted(text)})`);
  }
  const [descr, order, tuple] = [DESCRIPTOR, ORDER, SHAPE].map((pattern) => pattern.exec(text)?.[1]);
  const sizes = tuple?.split(',').filter((size) => size.trim() !== '');
  if (descr === undefined || order === undefined || !sizes?.every((size) => /^ *\d+L? *$/.test(size))) {
    throw new InputError(`${name}: expected a header of .npy, got ${quoted(text)}`);
  }
  const shape = sizes.map((size) => Number.parseInt(size, 10));
  const { type, bigEndian } = elementType(descr, name);
  const expected = sizeOf(shape) * type.size;
  const got = fileSize - start;
  if (got !== expected) {
    const what = got < expected ? 'truncated: expected' : 'expected';
    throw new InputError(`${name}: ${what} ${expected} bytes for shape [${shape.join(', ')}], got ${got}`);
  }
  return { type, bigEndian, fortran: order === 'True', shape, start };
};

/** As much of a header as a message can hold. */
const quoted = (text: string): string => JSON.stringify(text.trim().slice(0, 200));
