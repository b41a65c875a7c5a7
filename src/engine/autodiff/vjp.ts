import {
  add,
  broadcast,
  cast,
  div,
  exp,
  gather,
  greater,
  matmul,
  mul,
  neg,
  type OpName,
  pad,
  reshape,
  type Shape,
  scatterAdd,
  sigmoid,
  sizeOf,
  slice,
  square,
  sub,
  sum,
  type Tensor,
  type TensorOf,
  transpose,
  where,
  zeros,
} from '../graph/index.js';

/** From a node y and dL/dy to dL/dx for each of its inputs; null where no gradient passes. */
export type Vjp<K extends OpName> = (y: TensorOf<K>, dy: Tensor) => readonly (Tensor | null)[];

/** Sums a cotangent over the dimensions that broadcasting had stretched. */
const unbroadcast = (dy: Tensor, shape: Shape): Tensor => {
  const extra = dy.shape.length - shape.length;
  const axes = dy.shape.flatMap((d, i) => (i < extra || (shape[i - extra] === 1 && d !== 1) ? [i] : []));
  return reshape(axes.length > 0 ? sum(dy, axes) : dy, shape);
};

/** Gives a reduced cotangent its dimensions of 1 back, and stretches it over what was reduced. */
const expand = (dy: Tensor, x: Tensor, axes: readonly number[]): Tensor =>
  broadcast(
    reshape(
      dy,
      x.shape.map((d, i) => (axes.includes(i) ? 1 : d)),
    ),
    x.shape,
  );

/** 1 where a > b, else 0. */
const step = (a: Tensor | number, b: Tensor | number): Tensor => cast(greater(a, b), 'float32');

const one =
  <K extends OpName>(rule: (x: Tensor, dy: Tensor, y: TensorOf<K>) => Tensor): Vjp<K> =>
  (y, dy) => [rule(y.inputs[0]!, dy, y)];

const two =
  <K extends OpName>(rule: (a: Tensor, b: Tensor, dy: Tensor, y: Tensor) => readonly [Tensor, Tensor]): Vjp<K> =>
  (y, dy) => {
    const [a, b] = y.inputs as [Tensor, Tensor];
    const [da, db] = rule(a, b, dy, y as Tensor);
    return [unbroadcast(da, a.shape), unbroadcast(db, b.shape)];
  };

const none: Vjp<OpName> = (y) => y.inputs.map(() => null);

/**
 * Vector-Jacobian products, one for each operation. Where a function has a corner the rule takes the side that
 * PyTorch takes: relu'(0) = 0, abs'(0) = 0, clip passes the gradient on its bounds; a tie of maximum or minimum
 * gives all of it to b.
 */
export const vjps: { readonly [K in OpName]: Vjp<K> } = {
  input: none,
  constant: none,
  detach: none,
  greater: none,

  neg: one((_, dy) => neg(dy)), // d(-x) = -dx
  abs: one((x, dy) => mul(dy, sub(step(x, 0), step(0, x)))), // d|x| = sign(x) dx
  exp: one((_, dy, y) => mul(dy, y as Tensor)), // d(eˣ) = eˣ dx
  log: one((x, dy) => div(dy, x)), // d(ln x) = dx / x
  sqrt: one((_, dy, y) => div(mul(dy, 0.5), y as Tensor)), // d(√x) = dx / 2√x
  square: one((x, dy) => mul(dy, mul(x, 2))), // d(x²) = 2x dx
  reciprocal: one((_, dy, y) => neg(mul(dy, square(y as Tensor)))), // d(1/x) = -dx / x²
  relu: one((_, dy, y) => mul(dy, step(y as Tensor, 0))), // d(max(x, 0)) = [x > 0] dx
  sigmoid: one((_, dy, y) => mul(dy, mul(y as Tensor, sub(1, y as Tensor)))), // dσ = σ(1 - σ) dx
  tanh: one((_, dy, y) => mul(dy, sub(1, square(y as Tensor)))), // d(tanh x) = (1 - tanh² x) dx
  softplus: one((x, dy) => mul(dy, sigmoid(x))), // d ln(1 + eˣ) = σ(x) dx
  logSigmoid: one((x, dy) => mul(dy, sigmoid(neg(x)))), // d ln σ(x) = σ(-x) dx
  clip: one((x, dy, y) => mul(dy, mul(sub(1, step(y.attrs.min, x)), sub(1, step(x, y.attrs.max))))), // [min ≤ x ≤ max] dx
  cast: (y, dy) => [y.dtype === 'float32' && y.inputs[0]!.dtype === 'float32' ? dy : null],

  add: two((_a, _b, dy) => [dy, dy]), // d(a + b) = da + db
  sub: two((_a, _b, dy) => [dy, neg(dy)]), // d(a - b) = da - db
  mul: two((a, b, dy) => [mul(dy, b), mul(dy, a)]), // d(ab) = b da + a db
  // y = a / b: dy = da / b - y db / b; by way of y, since b² leaves the range of float32 long before y / b does.
  div: two((_a, b, dy, y) => [div(dy, b), neg(div(mul(dy, y), b))]),
  maximum: two((a, b, dy) => [mul(dy, step(a, b)), mul(dy, sub(1, step(a, b)))]), // [a > b] da + [a ≤ b] db
  minimum: two((a, b, dy) => [mul(dy, step(b, a)), mul(dy, sub(1, step(b, a)))]), // [a < b] da + [a ≥ b] db
  where: (y, dy) => {
    const [condition, a, b] = y.inputs as [Tensor, Tensor, Tensor];
    return [null, unbroadcast(where(condition, dy, 0), a.shape), unbroadcast(where(condition, 0, dy), b.shape)];
  },

  // Y = A B: dA = dY Bᵀ, dB = Aᵀ dY; a transposed operand gets its gradient transposed.
  matmul: (y, dy) => {
    const [a, b] = y.inputs as [Tensor, Tensor];
    const { transA, transB } = y.attrs;
    return [
      transA ? matmul(b, dy, { transA: transB, transB: true }) : matmul(dy, b, { transB: !transB }),
      transB ? matmul(dy, a, { transA: true, transB: transA }) : matmul(a, dy, { transA: !transA }),
    ];
  },

  sum: one((x, dy, y) => expand(dy, x, y.attrs.axes)), // d Σx = Σ dx
  mean: one((x, dy, y) => mul(expand(dy, x, y.attrs.axes), sizeOf(y.shape) / sizeOf(x.shape))), // d x̄ = Σ dx / n
  logSumExp: one((x, dy, y) => {
    const { axes } = y.attrs;
    return mul(expand(dy, x, axes), exp(sub(x, expand(y as Tensor, x, axes)))); // d lse = Σ softmax(x) dx
  }),

  reshape: one((x, dy) => reshape(dy, x.shape)),
  transpose: one((_, dy, y) =>
    transpose(
      dy,
      y.attrs.order.map((_axis, i) => y.attrs.order.indexOf(i)),
    ),
  ),
  broadcast: one((x, dy) => unbroadcast(dy, x.shape)),
  concat: (y, dy) => {
    const { axis } = y.attrs;
    let end = 0;
    return y.inputs.map((x) => {
      const start = end;
      end += x.shape[axis]!;
      return slice(dy, axis, start, end);
    });
  },
  slice: one((x, dy, y) => pad(dy, y.attrs.axis, y.attrs.start, x.shape[y.attrs.axis]! - y.attrs.end)),
  pad: one((x, dy, { attrs }) => slice(dy, attrs.axis, attrs.before, attrs.before + x.shape[attrs.axis]!)),
  gather: (y, dy) => {
    const [x, indices] = y.inputs as [Tensor, Tensor];
    return [x.shape[0] === 0 ? zeros(x.shape) : scatterAdd(indices, dy, x.shape[0]!), null];
  },
  scatterAdd: (y, dy) => [null, gather(dy, y.inputs[0]!)],
};

/** Sum of the cotangents that reach one node. */
export const accumulate = (a: Tensor | undefined, b: Tensor): Tensor => (a === undefined ? b : add(a, b));

/** The rule of a node's own operation, applied. */
export const vjpOf = (y: Tensor, dy: Tensor): readonly (Tensor | null)[] => (vjps[y.op] as Vjp<OpName>)(y, dy);
