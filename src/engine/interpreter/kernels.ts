import { GraphError } from '../errors/index.js';
import { broadcastStrides, type OpName, type Shape, sizeOf, type Tensor, type TensorOf } from '../graph/index.js';

type Kernel<K extends OpName> = (y: TensorOf<K>, inputs: readonly Float64Array[]) => Float64Array;

/** For every element of `shape`, in row-major order, the offset in an operand that broadcasts to it. */
const offsets = (shape: Shape, operand: Shape): Int32Array => {
  const strides = broadcastStrides(operand);
  const lead = shape.length - operand.length;
  const out = new Int32Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < out.length; i++) {
    let offset = 0;
    for (let d = lead; d < shape.length; d++) offset += index[d]! * strides[d - lead]!;
    out[i] = offset;
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d]!++;
      if (index[d]! < shape[d]!) break;
      index[d] = 0;
    }
  }
  return out;
};

const map =
  <K extends OpName>(f: (x: number, y: TensorOf<K>) => number): Kernel<K> =>
  (y, [x]) =>
    x!.map((v) => f(v, y));

const zip =
  <K extends OpName>(f: (a: number, b: number) => number): Kernel<K> =>
  (y, [a, b]) => {
    const ia = offsets(y.shape, y.inputs[0]!.shape);
    const ib = offsets(y.shape, y.inputs[1]!.shape);
    return Float64Array.from(ia, (offset, i) => f(a![offset]!, b![ib[i]!]!));
  };

/** Folds every group of elements that reduce to one place. */
const reduce =
  <K extends 'sum' | 'mean' | 'logSumExp'>(fold: (group: readonly number[]) => number): Kernel<K> =>
  (y, [x]) => {
    const from = y.inputs[0]!.shape;
    const kept = from.map((d, i) => (y.attrs.axes.includes(i) ? 1 : d));
    const groups: number[][] = Array.from({ length: sizeOf(y.shape) }, () => []);
    offsets(from, kept).forEach((group, i) => {
      groups[group]!.push(x![i]!);
    });
    return Float64Array.from(groups, fold);
  };

/** Moves elements: `source(index)` gives the index in x of an output element, or null for zero. */
const move =
  <K extends OpName>(source: (y: TensorOf<K>, index: readonly number[]) => readonly number[] | null): Kernel<K> =>
  (y, [x]) => {
    const strides = rowMajor(y.inputs[0]!.shape);
    const out = new Float64Array(sizeOf(y.shape));
    forEachIndex(y.shape, (index, i) => {
      const from = source(y, index);
      if (from) out[i] = x![from.reduce((offset, p, d) => offset + p * strides[d]!, 0)]!;
    });
    return out;
  };

const rowMajor = (shape: Shape): number[] => shape.map((_, i) => sizeOf(shape.slice(i + 1)));

const forEachIndex = (shape: Shape, visit: (index: readonly number[], i: number) => void): void => {
  const index = new Array<number>(shape.length).fill(0);
  const n = sizeOf(shape);
  for (let i = 0; i < n; i++) {
    visit(index, i);
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d]!++;
      if (index[d]! < shape[d]!) break;
      index[d] = 0;
    }
  }
};

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
/** Σx, except that Infinity - Infinity is NaN as it is in floating point. */
const total = (group: readonly number[]): number => group.reduce((s, v) => s + v, 0);
const logSumExp = (group: readonly number[]): number => {
  const max = group.reduce((m, v) => (v > m || Number.isNaN(v) ? v : m), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(max)) return max;
  return max + Math.log(total(group.map((v) => Math.exp(v - max))));
};

const checkedRow = (what: string, row: number, rows: number): number => {
  if (!(row >= 0 && row < rows)) throw new GraphError(`${what}: expected an index in 0..${rows - 1}, got ${row}`);
  return row;
};

const castTo = (v: number, y: TensorOf<'cast'>): number => {
  if (y.attrs.to === 'bool') return v !== 0 ? 1 : 0;
  return y.attrs.to === 'float32' ? v : Math.trunc(v);
};

/** What each operation means, in float64. */
export const kernels: { readonly [K in OpName]: Kernel<K> } = {
  input: (y) => {
    throw new GraphError(`internal: input ${y.attrs.name} has no kernel`);
  },
  constant: (y) => Float64Array.from(y.attrs.values),
  detach: map((x) => x),
  neg: map((x) => -x),
  abs: map(Math.abs),
  exp: map(Math.exp),
  log: map(Math.log),
  sqrt: map(Math.sqrt),
  square: map((x) => x * x),
  reciprocal: map((x) => 1 / x),
  relu: map((x) => Math.max(x, 0)),
  sigmoid: map((x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))),
  tanh: map(Math.tanh),
  softplus: map(softplus),
  logSigmoid: map((x) => -softplus(-x)),
  clip: map((x, y) => Math.min(Math.max(x, y.attrs.min), y.attrs.max)),
  cast: map(castTo),
  add: zip((a, b) => a + b),
  sub: zip((a, b) => a - b),
  mul: zip((a, b) => a * b),
  div: zip((a, b) => a / b),
  maximum: zip(Math.max),
  minimum: zip(Math.min),
  greater: zip((a, b) => (a > b ? 1 : 0)),
  where: (y, [condition, a, b]) => {
    const [ic, ia, ib] = y.inputs.map((x) => offsets(y.shape, x.shape)) as [Int32Array, Int32Array, Int32Array];
    return Float64Array.from(ic, (offset, i) => (condition![offset] ? a![ia[i]!]! : b![ib[i]!]!));
  },
  matmul: (y, [a, b]) => {
    const { transA, transB } = y.attrs;
    const [rows, columns] = y.shape as [number, number];
    const inner = y.inputs[0]!.shape[transA ? 0 : 1]!;
    const out = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let dot = 0;
        for (let k = 0; k < inner; k++) {
          dot += a![transA ? k * rows + i : i * inner + k]! * b![transB ? j * inner + k : k * columns + j]!;
        }
        out[i * columns + j] = dot;
      }
    }
    return out;
  },
  sum: reduce(total),
  mean: reduce((group) => total(group) / group.length),
  logSumExp: reduce(logSumExp),
  reshape: map((x) => x),
  transpose: move((y, index) => {
    const from = new Array<number>(index.length);
    y.attrs.order.forEach((axis, i) => {
      from[axis] = index[i]!;
    });
    return from;
  }),
  broadcast: (y, [x]) => Float64Array.from(offsets(y.shape, y.inputs[0]!.shape), (offset) => x![offset]!),
  concat: (y, inputs) => {
    const { axis } = y.attrs;
    const block = sizeOf(y.shape.slice(axis + 1));
    const out = new Float64Array(sizeOf(y.shape));
    const width = y.shape[axis]! * block;
    let start = 0;
    y.inputs.forEach((x, n) => {
      const piece = x.shape[axis]! * block;
      for (let i = 0; i < sizeOf(x.shape); i++) {
        out[Math.floor(i / piece) * width + start + (i % piece)] = inputs[n]![i]!;
      }
      start += piece;
    });
    return out;
  },
  slice: move((y, index) => index.map((p, d) => (d === y.attrs.axis ? p + y.attrs.start : p))),
  pad: move((y, index) => {
    const { axis, before } = y.attrs;
    const p = index[axis]! - before;
    return p < 0 || p >= y.inputs[0]!.shape[axis]! ? null : index.map((q, d) => (d === axis ? p : q));
  }),
  gather: (y, [x, indices]) => {
    const [rows = 0, ...rest] = y.inputs[0]!.shape;
    const width = sizeOf(rest);
    const out = new Float64Array(sizeOf(y.shape));
    indices!.forEach((row, i) => {
      const from = checkedRow('gather', row, rows) * width;
      out.set(x!.subarray(from, from + width), i * width);
    });
    return out;
  },
  scatterAdd: (y, [indices, updates]) => {
    const width = sizeOf(y.shape.slice(1));
    const out = new Float64Array(sizeOf(y.shape));
    indices!.forEach((row, i) => {
      const to = checkedRow('scatterAdd', row, y.attrs.rows) * width;
      for (let j = 0; j < width; j++) out[to + j]! += updates![i * width + j]!;
    });
    return out;
  },
};

/** The kernel of a node's own operation, applied. */
export const kernelOf = (y: Tensor, inputs: readonly Float64Array[]): Float64Array =>
  (kernels[y.op] as Kernel<OpName>)(y, inputs);
