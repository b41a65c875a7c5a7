/** Element types of arrays in files, by the names that numpy gives them without their byte order. */

export type ArrayData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

export interface ElementType {
  /** Bytes of one value in the file. */
  readonly size: number;
  /** A view of bytes in the order of this machine: little-endian wherever ONNX Runtime runs. */
  readonly view: (bytes: ArrayBuffer) => ArrayData;
  /** float32 of each pattern of 16 bits, for floats that no typed array shows. */
  readonly floats?: () => Float32Array;
}

/**
 * IEEE 754 half precision, 1 + 5 + 10 bits, which float32 holds exactly.
 *
 *   (−1)^s 2^(e − 25) (1024 + f),  e = 0: (−1)^s 2^(−24) f,  e = 31: ±∞ (f = 0) or NaN
 */
const fromHalf = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
};

/** A table of all 65,536, made when it is first asked for. */
const tabled = (make: (bits: number) => number): (() => Float32Array) => {
  let table: Float32Array | undefined;
  return () => {
    table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => make(bits));
    return table;
  };
};

const halves = tabled(fromHalf);
/** bfloat16 is the upper half of a float32. */
const brainFloats = tabled((bits) => new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!);

export const ELEMENT_TYPES = {
  f2: { size: 2, view: (bytes) => new Uint16Array(bytes), floats: halves },
  bf2: { size: 2, view: (bytes) => new Uint16Array(bytes), floats: brainFloats },
  f4: { size: 4, view: (bytes) => new Float32Array(bytes) },
  f8: { size: 8, view: (bytes) => new Float64Array(bytes) },
  i1: { size: 1, view: (bytes) => new Int8Array(bytes) },
  i2: { size: 2, view: (bytes) => new Int16Array(bytes) },
  i4: { size: 4, view: (bytes) => new Int32Array(bytes) },
  i8: { size: 8, view: (bytes) => new BigInt64Array(bytes) },
  u1: { size: 1, view: (bytes) => new Uint8Array(bytes) },
  u2: { size: 2, view: (bytes) => new Uint16Array(bytes) },
  u4: { size: 4, view: (bytes) => new Uint32Array(bytes) },
  u8: { size: 8, view: (bytes) => new BigUint64Array(bytes) },
  b1: { size: 1, view: (bytes) => new Uint8Array(bytes) },
} as const satisfies Record<string, ElementType>;

/** Turns the bytes of each value round, in place. */
export const swapBytes = (bytes: Uint8Array, size: number): void => {
  for (let start = 0; start < bytes.length; start += size) {
    for (let low = start, high = start + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
};

/** Copies values, as float32, to the beginning of `out`. */
export const toFloat32 = (type: ElementType, values: ArrayData, out: Float32Array): void => {
  if (type.floats) {
    const floats = type.floats();
    for (let i = 0; i < values.length; i++) out[i] = floats[values[i] as number]!;
  } else if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    for (let i = 0; i < values.length; i++) out[i] = Number(values[i]);
  } else out.set(values);
};

/** For values that stand with their first axis fastest, one after another: the place of each with the last axis fastest. */
export const rowMajorPlaces = (shape: readonly number[]): (() => number) => {
  const steps = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, n) => size * n, 1));
  const index = new Array<number>(shape.length).fill(0);
  let next = 0;
  return () => {
    const place = next;
    for (let axis = 0; axis < shape.length; axis++) {
      index[axis]!++;
      next += steps[axis]!;
      if (index[axis]! < shape[axis]!) break;
      next -= index[axis]! * steps[axis]!;
      index[axis] = 0;
    }
    return place;
  };
};
