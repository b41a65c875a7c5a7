/**
 * .safetensors: the length of a header (8 bytes, little-endian), the header (JSON), then the tensors, row by row.
 *
 * Source: the format's description in huggingface/safetensors.
 */
import { InputError } from '../../../engine/errors/index.js';
import type { ArrayArchive } from './arrayArchive.js';
import { arrayRows } from './arrayRows.js';
import type { ByteFile, OpenFile } from './byteFile.js';
import { ELEMENT_TYPES, type ElementType } from './elementTypes.js';
import { sizeOf } from './npyHeader.js';
import type { ArrayRows } from './rows.js';
import { utf8Text } from './utf8Text.js';

const PREFIX = 8;
/** What the format allows. */
const LONGEST_HEADER = 100_000_000;

const TYPES: Readonly<Record<string, ElementType>> = {
  F64: ELEMENT_TYPES.f8,
  F32: ELEMENT_TYPES.f4,
  F16: ELEMENT_TYPES.f2,
  BF16: ELEMENT_TYPES.bf2,
  I64: ELEMENT_TYPES.i8,
  I32: ELEMENT_TYPES.i4,
  I16: ELEMENT_TYPES.i2,
  I8: ELEMENT_TYPES.i1,
  U64: ELEMENT_TYPES.u8,
  U32: ELEMENT_TYPES.u4,
  U16: ELEMENT_TYPES.u2,
  U8: ELEMENT_TYPES.u1,
  BOOL: ELEMENT_TYPES.b1,
};

interface Header {
  readonly tensors: Readonly<Record<string, unknown>>;
  /** Where the tensors begin, and how many bytes follow. */
  readonly start: number;
  readonly bytes: number;
}

const readHeader = async (file: ByteFile, name: string): Promise<Header> => {
  if (file.size < PREFIX) throw new InputError(`${name}: expected a header of 8 bytes and more, got ${file.size}`);
  const prefix = new Uint8Array(PREFIX);
  await file.read(prefix, 0);
  const length = new DataView(prefix.buffer).getBigUint64(0, true);
  const most = Math.min(LONGEST_HEADER, file.size - PREFIX);
  if (length > most) throw new InputError(`${name}: expected a header of at most ${most} bytes, got ${length}`);
  const head = new Uint8Array(Number(length));
  await file.read(head, PREFIX);
  const start = PREFIX + head.length;
  return { tensors: parse(head, name), start, bytes: file.size - start };
};

const parse = (head: Uint8Array, name: string): Header['tensors'] => {
  try {
    const tensors: unknown = JSON.parse(utf8Text(head));
    if (typeof tensors === 'object' && tensors !== null && !Array.isArray(tensors)) return { ...tensors };
  } catch {
    // Said below: whatever is wrong with it, it is no JSON object.
  }
  throw new InputError(`${name}: expected a header of JSON at offset ${PREFIX}, got other bytes`);
};

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Throws: InputError where the header says of a tensor what cannot be. */
const tensorRows = (open: OpenFile, name: string, { tensors, start, bytes }: Header, tensor: string): ArrayRows => {
  const { dtype, shape, data_offsets: offsets } = { ...(tensors[tensor] as object) } as Record<string, unknown>;
  const lists = [shape, offsets];
  if (!lists.every((list): list is number[] => Array.isArray(list) && list.every(isCount)) || lists[1]!.length !== 2) {
    throw new InputError(`${name}: expected a shape and two offsets in the header, got ${quoted(tensors[tensor])}`);
  }
  const type = typeof dtype === 'string' && Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (type === undefined) {
    throw new InputError(`${name}: expected one of ${Object.keys(TYPES).join(', ')}, got type ${quoted(dtype)}`);
  }
  const [sizes, [begin, end]] = lists as [number[], [number, number]];
  if (begin > end || end > bytes) {
    const got = `offsets ${begin} to ${end}`;
    throw new InputError(`${name}: expected offsets in the ${bytes} bytes that follow the header, got ${got}`);
  }
  const expected = sizeOf(sizes) * type.size;
  if (end - begin !== expected) {
    throw new InputError(`${name}: expected ${expected} bytes for shape [${sizes.join(', ')}], got ${end - begin}`);
  }
  return arrayRows({ open, name, type, bigEndian: false, fortran: false, shape: sizes, start: start + begin });
};

const quoted = (value: unknown): string => String(JSON.stringify(value)).slice(0, 200);

/** The tensors of a file. Throws: InputError where its header is none. */
export const openSafetensors = async (open: OpenFile, name: string): Promise<ArrayArchive> => {
  const file = await open();
  try {
    const header = await readHeader(file, name);
    return {
      names: Object.keys(header.tensors).filter((tensor) => tensor !== '__metadata__'),
      rows: async (tensor) => tensorRows(open, `${name}:${tensor}`, header, tensor),
    };
  } finally {
    await file.close();
  }
};
