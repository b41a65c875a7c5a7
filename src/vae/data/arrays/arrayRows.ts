/** Rows of an array whose bytes lie somewhere in a file, one value after another. */
import { InputError } from '../../../engine/errors/index.js';
import type { ByteFile, OpenFile } from './byteFile.js';
import { ELEMENT_TYPES, type ElementType, swapBytes, toFloat32 } from './elementTypes.js';
import { type FillRows, readAhead, requireRange } from './readAhead.js';
import type { ArrayRows } from './rows.js';

/** An array in a file. */
export interface ArrayPlace {
  readonly open: OpenFile;
  /** How messages name it. */
  readonly name: string;
  readonly type: ElementType;
  readonly bigEndian: boolean;
  /** Whether the first axis is the fastest. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Byte of the file at which its values begin. */
  readonly start: number;
}

/**
 * Rows and width of a shape.
 *
 * Throws: InputError for a single number, and where there is no row or no column.
 */
export const rowShape = (shape: readonly number[], name: string): { n: number; width: number } => {
  const [n, ...axes] = shape;
  const width = axes.reduce((size, axis) => size * axis, 1);
  if (n === undefined || n * width === 0) {
    throw new InputError(`${name}: expected at least one row and one column, got shape [${shape.join(', ')}]`);
  }
  return { n, width };
};

/** Reads rows of an array that stands row by row. */
const fillRows = (file: ByteFile, place: ArrayPlace, width: number): FillRows => {
  const read = rowReader(place);
  const bytesOfRow = width * place.type.size;
  return (from, _to, out) => read((bytes) => file.read(bytes, place.start + from * bytesOfRow), out);
};

/** Reads rows of an array that stands column by column, a strip of each column at a time. */
const fillColumns = (file: ByteFile, place: ArrayPlace, n: number, width: number): FillRows => {
  const { type, start, shape } = place;
  const read = rowReader(place);
  const columns = columnOrder(shape.slice(1));
  let strip = new Float32Array(0);
  return async (from, to, out) => {
    const rows = to - from;
    if (strip.length !== rows) strip = new Float32Array(rows);
    for (let column = 0; column < width; column++) {
      await read((bytes) => file.read(bytes, start + (columns[column]! * n + from) * type.size), strip);
      for (let row = 0; row < rows; row++) out[row * width + column] = strip[row]!;
    }
  };
};

/** Fills `out` with the values whose bytes `read` gives. */
export type ReadValues = (read: (bytes: Uint8Array) => Promise<void>, out: Float32Array) => Promise<void>;

type Element = Pick<ArrayPlace, 'type' | 'bigEndian'>;

/** Whether values stand in the file as memory holds them. */
const isFloat32 = ({ type, bigEndian }: Element): boolean => type === ELEMENT_TYPES.f4 && !bigEndian;

/** float32 of this machine goes straight to where it is wanted; other types by a buffer that is used again. */
export const rowReader = ({ type, bigEndian }: Element): ReadValues => {
  if (isFloat32({ type, bigEndian })) {
    return (read, out) => read(new Uint8Array(out.buffer, out.byteOffset, out.byteLength));
  }
  let bytes = new ArrayBuffer(0);
  return async (read, out) => {
    if (bytes.byteLength !== out.length * type.size) bytes = new ArrayBuffer(out.length * type.size);
    const raw = new Uint8Array(bytes);
    await read(raw);
    if (bigEndian) swapBytes(raw, type.size);
    toFloat32(type, type.view(bytes), out);
  };
};

/** For each index of the last axis fastest, that of the first axis fastest. */
const columnOrder = (axes: readonly number[]): number[] => {
  let order = [0];
  let stride = 1;
  for (const size of axes) {
    const step = stride;
    order = order.flatMap((base) => Array.from({ length: size }, (_, i) => base + i * step));
    stride *= size;
  }
  return order;
};

/** Throws: InputError where the array has no row or no column. */
export const arrayRows = (place: ArrayPlace): ArrayRows => {
  const { open, name, shape, fortran, start } = place;
  const { n, width } = rowShape(shape, name);
  const byColumns = fortran && shape.length > 1;
  return {
    name,
    n,
    width,
    shape,
    ...(open.path !== undefined && isFloat32(place) && !byColumns && { stored: { path: open.path, start } }),
    async *blocks(range) {
      const rows = requireRange(range, n);
      const file = await open();
      try {
        const fill = byColumns ? fillColumns(file, place, n, width) : fillRows(file, place, width);
        yield* readAhead(rows, width, fill);
      } finally {
        await file.close();
      }
    },
    close: () => Promise.resolve(),
  };
};
