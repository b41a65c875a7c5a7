import { signatureOf } from './rules.js';
import { resolveAxis, type Shape, sameShape } from './shape.js';
import type { DType, OpAttrs, Operand, OpName, Tensor } from './tensor.js';

/** A node, its shape and element type worked out from its inputs. Throws ShapeError or DTypeError where they do not fit. */
export const node = <K extends OpName>(op: K, inputs: readonly Tensor[], attrs: OpAttrs[K], label?: string): Tensor =>
  ({ op, inputs, attrs, ...signatureOf(op, inputs, attrs), ...(label === undefined ? {} : { label }) }) as Tensor;

/** The same node under a name that messages and saved graphs show. */
export const named = (label: string, x: Tensor): Tensor => node(x.op, x.inputs, x.attrs as OpAttrs[typeof x.op], label);

export const input = (name: string, shape: Shape, dtype: DType = 'float32'): Tensor =>
  node('input', [], { name, shape, dtype }, name);
export const constant = (values: readonly number[], shape: Shape, dtype: DType = 'float32'): Tensor =>
  node('constant', [], { values, shape, dtype });
export const scalar = (value: number): Tensor => constant([value], []);
export const zeros = (shape: Shape): Tensor => broadcast(scalar(0), shape);

const asTensor = (x: Operand): Tensor => (typeof x === 'number' ? scalar(x) : x);

type Unary = 'detach' | 'neg' | 'abs' | 'exp' | 'log' | 'sqrt' | 'square' | 'reciprocal' | 'relu' | 'sigmoid' | 'tanh';
const unary =
  (op: Unary | 'softplus' | 'logSigmoid') =>
  (x: Tensor): Tensor =>
    node(op, [x], {});

/** The value of x, through which no gradient passes. */
export const detach = unary('detach');
export const neg = unary('neg');
export const abs = unary('abs');
export const exp = unary('exp');
export const log = unary('log');
export const sqrt = unary('sqrt');
export const square = unary('square');
export const reciprocal = unary('reciprocal');
export const relu = unary('relu');
export const sigmoid = unary('sigmoid');
export const tanh = unary('tanh');
/** log(1 + exp(x)), finite and accurate to float32 for every finite x. */
export const softplus = unary('softplus');
/** log(sigmoid(x)), finite and accurate to float32 for every finite x. */
export const logSigmoid = unary('logSigmoid');
export const clip = (x: Tensor, min: number, max: number): Tensor => node('clip', [x], { min, max });
export const cast = (x: Tensor, to: DType): Tensor => (x.dtype === to ? x : node('cast', [x], { to }));

const binary =
  (op: 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'greater') =>
  (a: Operand, b: Operand): Tensor =>
    node(op, [asTensor(a), asTensor(b)], {});

export const add = binary('add');
export const sub = binary('sub');
export const mul = binary('mul');
export const div = binary('div');
export const maximum = binary('maximum');
export const minimum = binary('minimum');
/** a > b, as bool. */
export const greater = binary('greater');
/** a where the condition holds, else b. */
export const where = (condition: Tensor, a: Operand, b: Operand): Tensor =>
  node('where', [condition, asTensor(a), asTensor(b)], {});

/** a · b, of matrices, each transposed first if asked. */
export const matmul = (a: Tensor, b: Tensor, { transA = false, transB = false } = {}): Tensor =>
  node('matmul', [a, b], { transA, transB });

export interface ReduceOptions {
  readonly keepDims?: boolean;
}
const reduction =
  (op: 'sum' | 'mean' | 'logSumExp') =>
  (
    x: Tensor,
    axes: number | readonly number[] = x.shape.map((_, i) => i),
    { keepDims = false }: ReduceOptions = {},
  ) => {
    const list = typeof axes === 'number' ? [axes] : axes;
    const resolved = [...new Set(list.map((axis) => resolveAxis(op, axis, x.shape.length)))].sort((p, q) => p - q);
    return node(op, [x], { axes: resolved, keepDims });
  };

/** Sum over the axes; over all of them when none is named. */
export const sum = reduction('sum');
export const mean = reduction('mean');
/** log Σ exp(x) over the axes, shifted by the maximum so that it does not overflow. */
export const logSumExp = reduction('logSumExp');

export const reshape = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : node('reshape', [x], { shape });
/** Dimensions in a new order; reversed when none is given. */
export const transpose = (
  x: Tensor,
  order: readonly number[] = x.shape.map((_, i) => x.shape.length - 1 - i),
): Tensor => node('transpose', [x], { order });
export const broadcast = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : node('broadcast', [x], { shape });
export const concat = (xs: readonly Tensor[], axis = 0): Tensor =>
  xs.length === 1 ? xs[0]! : node('concat', xs, { axis: resolveAxis('concat', axis, xs[0]?.shape.length ?? 1) });
export const slice = (x: Tensor, axis: number, start: number, end: number): Tensor =>
  node('slice', [x], { axis: resolveAxis('slice', axis, x.shape.length), start, end });
export const pad = (x: Tensor, axis: number, before: number, after: number): Tensor =>
  node('pad', [x], { axis: resolveAxis('pad', axis, x.shape.length), before, after });

/** Consecutive pieces of x along an axis, of the given sizes. */
export const split = (x: Tensor, axis: number, sizes: readonly number[]): Tensor[] => {
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return slice(x, axis, start - size, start);
  });
};

/** Rows of x by index along the first axis; indices are int64 within 0..rows - 1. */
export const gather = (x: Tensor, indices: Tensor): Tensor => node('gather', [x, indices], {});
export const scatterAdd = (indices: Tensor, updates: Tensor, rows: number): Tensor =>
  node('scatterAdd', [indices, updates], { rows });
