import { DTypeError, ShapeError } from '../errors/index.js';
import { broadcastShapes, formatShape, reducedShape, type Shape, sameShape, sizeOf } from './shape.js';
import type { DType, OpAttrs, OpName, Tensor } from './tensor.js';

/** What a rule tells of a node: its shape and element type. */
export interface Signature {
  readonly shape: Shape;
  readonly dtype: DType;
}

type Rule<K extends OpName> = (inputs: readonly Tensor[], attrs: OpAttrs[K], op: string) => Signature;

const arity = (op: string, inputs: readonly Tensor[], n: number): void => {
  if (inputs.length !== n) throw new ShapeError(`${op}: expected ${n} inputs, got ${inputs.length}`);
};

const expectDType = (op: string, x: Tensor, ...allowed: DType[]): void => {
  if (!allowed.includes(x.dtype)) throw new DTypeError(`${op}: expected ${allowed.join(' or ')}, got ${x.dtype}`);
};

const unary: Rule<OpName> = (inputs, _attrs, op) => {
  arity(op, inputs, 1);
  const x = inputs[0]!;
  expectDType(op, x, 'float32');
  return { shape: x.shape, dtype: 'float32' };
};

const binary: Rule<OpName> = (inputs, _attrs, op) => {
  arity(op, inputs, 2);
  const [a, b] = inputs as [Tensor, Tensor];
  expectDType(op, a, 'float32');
  expectDType(op, b, 'float32');
  return { shape: broadcastShapes(op, a.shape, b.shape), dtype: 'float32' };
};

const reduction: Rule<'sum' | 'mean' | 'logSumExp'> = (inputs, { axes, keepDims }, op) => {
  arity(op, inputs, 1);
  const x = inputs[0]!;
  expectDType(op, x, 'float32');
  axes.forEach((axis, i) => {
    if (axis < 0 || axis >= x.shape.length || (i > 0 && axis <= axes[i - 1]!)) {
      throw new ShapeError(`${op}: expected ascending axes of ${formatShape(x.shape)}, got ${formatShape(axes)}`);
    }
  });
  if (op !== 'sum' && axes.some((axis) => x.shape[axis] === 0)) {
    throw new ShapeError(`${op}: expected at least one value to reduce, got ${formatShape(x.shape)}`);
  }
  return { shape: reducedShape(x.shape, axes, keepDims), dtype: 'float32' };
};

const expectDimensions = (op: string, shape: Shape): void => {
  if (shape.some((d) => !Number.isInteger(d) || d < 0)) {
    throw new ShapeError(`${op}: expected whole dimensions, got ${formatShape(shape)}`);
  }
};

const leaf: Rule<'input' | 'constant'> = (inputs, { shape, dtype }, op) => {
  arity(op, inputs, 0);
  expectDimensions(op, shape);
  return { shape, dtype };
};

/** Shape and element type of every operation; throws where the inputs do not fit. */
export const signatures: { readonly [K in OpName]: Rule<K> } = {
  input: leaf,
  constant: (inputs, attrs, op) => {
    if (attrs.values.length !== sizeOf(attrs.shape)) {
      throw new ShapeError(
        `constant: expected ${sizeOf(attrs.shape)} values for ${formatShape(attrs.shape)}, got ${attrs.values.length}`,
      );
    }
    return leaf(inputs, attrs, op);
  },
  detach: unary,
  neg: unary,
  abs: unary,
  exp: unary,
  log: unary,
  sqrt: unary,
  square: unary,
  reciprocal: unary,
  relu: unary,
  sigmoid: unary,
  tanh: unary,
  softplus: unary,
  logSigmoid: unary,
  clip: (inputs, { min, max }, op) => {
    if (!(min <= max)) throw new ShapeError(`clip: expected min <= max, got ${min} and ${max}`);
    return unary(inputs, {}, op);
  },
  cast: (inputs, { to }, op) => {
    arity(op, inputs, 1);
    return { shape: inputs[0]!.shape, dtype: to };
  },
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  maximum: binary,
  minimum: binary,
  greater: (inputs, attrs, op) => ({ ...binary(inputs, attrs, op), dtype: 'bool' }),
  where: (inputs, _attrs, op) => {
    arity(op, inputs, 3);
    const [condition, a, b] = inputs as [Tensor, Tensor, Tensor];
    expectDType(op, condition, 'bool');
    expectDType(op, a, 'float32');
    expectDType(op, b, 'float32');
    return { shape: broadcastShapes(op, condition.shape, broadcastShapes(op, a.shape, b.shape)), dtype: 'float32' };
  },
  matmul: (inputs, { transA, transB }, op) => {
    arity(op, inputs, 2);
    const [a, b] = inputs as [Tensor, Tensor];
    expectDType(op, a, 'float32');
    expectDType(op, b, 'float32');
    if (a.shape.length !== 2 || b.shape.length !== 2) {
      throw new ShapeError(`matmul: expected two matrices, got ${formatShape(a.shape)} and ${formatShape(b.shape)}`);
    }
    const [rows, inner] = transA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
    const [innerB, columns] = transB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
    if (inner !== innerB) {
      throw new ShapeError(
        `matmul: expected inner dimensions that agree, got ${formatShape(a.shape)}${transA ? 'ᵀ' : ''} and ` +
          `${formatShape(b.shape)}${transB ? 'ᵀ' : ''}`,
      );
    }
    return { shape: [rows, columns], dtype: 'float32' };
  },
  sum: reduction,
  mean: reduction,
  logSumExp: reduction,
  reshape: (inputs, { shape }, op) => {
    arity(op, inputs, 1);
    const x = inputs[0]!;
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new ShapeError(`reshape: expected ${sizeOf(x.shape)} values, got ${formatShape(shape)}`);
    }
    expectDimensions(op, shape);
    return { shape, dtype: x.dtype };
  },
  transpose: (inputs, { order }, op) => {
    arity(op, inputs, 1);
    const x = inputs[0]!;
    const sorted = [...order].sort((p, q) => p - q);
    if (order.length !== x.shape.length || sorted.some((axis, i) => axis !== i)) {
      throw new ShapeError(
        `transpose: expected an order of ${x.shape.length} dimensions, got ${formatShape(order)} for ${formatShape(x.shape)}`,
      );
    }
    return { shape: order.map((axis) => x.shape[axis]!), dtype: x.dtype };
  },
  broadcast: (inputs, { shape }, op) => {
    arity(op, inputs, 1);
    expectDimensions(op, shape);
    const x = inputs[0]!;
    if (!sameShape(broadcastShapes(op, x.shape, shape), shape)) {
      throw new ShapeError(
        `broadcast: expected a shape that stretches to ${formatShape(shape)}, got ${formatShape(x.shape)}`,
      );
    }
    return { shape, dtype: x.dtype };
  },
  concat: (inputs, { axis }, op) => {
    const first = inputs[0];
    if (!first) throw new ShapeError(`${op}: expected at least one input, got none`);
    if (axis < 0 || axis >= first.shape.length) {
      throw new ShapeError(`concat: expected an axis of ${formatShape(first.shape)}, got ${axis}`);
    }
    for (const x of inputs) {
      const fits = x.shape.length === first.shape.length && x.shape.every((d, i) => i === axis || d === first.shape[i]);
      if (!fits) {
        throw new ShapeError(
          `concat: expected shapes that agree outside axis ${axis}, got ${formatShape(first.shape)} and ${formatShape(x.shape)}`,
        );
      }
      expectDType(op, x, first.dtype);
    }
    const total = inputs.reduce((n, x) => n + x.shape[axis]!, 0);
    return { shape: first.shape.map((d, i) => (i === axis ? total : d)), dtype: first.dtype };
  },
  slice: (inputs, { axis, start, end }, op) => {
    arity(op, inputs, 1);
    const x = inputs[0]!;
    const length = x.shape[axis];
    if (length === undefined || !(start >= 0 && start <= end && end <= length)) {
      throw new ShapeError(
        `slice: expected a range within axis ${axis} of ${formatShape(x.shape)}, got ${start}..${end}`,
      );
    }
    return { shape: x.shape.map((d, i) => (i === axis ? end - start : d)), dtype: x.dtype };
  },
  pad: (inputs, { axis, before, after }, op) => {
    arity(op, inputs, 1);
    const x = inputs[0]!;
    expectDType(op, x, 'float32');
    if (axis < 0 || axis >= x.shape.length || before < 0 || after < 0) {
      throw new ShapeError(
        `pad: expected an axis of ${formatShape(x.shape)} and counts >= 0, got ${axis}, ${before}, ${after}`,
      );
    }
    return { shape: x.shape.map((d, i) => (i === axis ? d + before + after : d)), dtype: 'float32' };
  },
  gather: (inputs, _attrs, op) => {
    arity(op, inputs, 2);
    const [x, indices] = inputs as [Tensor, Tensor];
    expectDType(op, indices, 'int64');
    if (x.shape.length === 0) throw new ShapeError('gather: expected rows to choose from, got a scalar');
    return { shape: [...indices.shape, ...x.shape.slice(1)], dtype: x.dtype };
  },
  scatterAdd: (inputs, { rows }, op) => {
    arity(op, inputs, 2);
    const [indices, updates] = inputs as [Tensor, Tensor];
    expectDType(op, indices, 'int64');
    expectDType(op, updates, 'float32');
    const rank = indices.shape.length;
    if (!sameShape(indices.shape, updates.shape.slice(0, rank))) {
      throw new ShapeError(
        `scatterAdd: expected updates that begin with the shape of the indices, got ${formatShape(updates.shape)} ` +
          `and ${formatShape(indices.shape)}`,
      );
    }
    return { shape: [rows, ...updates.shape.slice(rank)], dtype: 'float32' };
  },
};

/** The signature of one node, from its own operation's rule. */
export const signatureOf = <K extends OpName>(op: K, inputs: readonly Tensor[], attrs: OpAttrs[K]): Signature =>
  signatures[op](inputs, attrs, op);
