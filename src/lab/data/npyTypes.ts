/** Element types of .npy files, by the names that numpy gives them without their byte order. */

export type NpyData =
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

interface ElementType {
  /** Bytes of one value in the file. */
  readonly size: number;
  /** Values from bytes in the order of this machine: little-endian wherever Node.js runs ONNX Runtime. */
  readonly decode: (bytes: ArrayBuffer) => NpyData;
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

export const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  f2: { size: 2, decode: (bytes) => Float32Array.from(new Uint16Array(bytes), fromHalf) },
  f4: { size: 4, decode: (bytes) => new Float32Array(bytes) },
  f8: { size: 8, decode: (bytes) => new Float64Array(bytes) },
  i1: { size: 1, decode: (bytes) => new Int8Array(bytes) },
  i2: { size: 2, decode: (bytes) => new Int16Array(bytes) },
  i4: { size: 4, decode: (bytes) => new Int32Array(bytes) },
  i8: { size: 8, decode: (bytes) => new BigInt64Array(bytes) },
  u1: { size: 1, decode: (bytes) => new Uint8Array(bytes) },
  u2: { size: 2, decode: (bytes) => new Uint16Array(bytes) },
  u4: { size: 4, decode: (bytes) => new Uint32Array(bytes) },
  u8: { size: 8, decode: (bytes) => new BigUint64Array(bytes) },
  b1: { size: 1, decode: (bytes) => new Uint8Array(bytes) },
};

/** Turns the bytes of each value round, in place. */
export const swapBytes = (bytes: Uint8Array, size: number): void => {
  for (let start = 0; start < bytes.length; start += size) bytes.subarray(start, start + size).reverse();
};

/** The values of an array that lies in memory with its first axis fastest, last axis fastest. */
export const toRowMajor = <Values extends NpyData>(values: Values, shape: readonly number[]): Values => {
  const out = values.slice() as Values;
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((size, n) => size * n, 1));
  const index = new Array<number>(shape.length).fill(0);
  for (let at = 0; at < out.length; at++) {
    out[at] = values[index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0)]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return out;
};
