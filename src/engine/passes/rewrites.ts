import {
  add,
  broadcastShapes,
  cast,
  concat,
  div,
  matmul,
  mul,
  node,
  type OpName,
  pad,
  reshape,
  sameShape,
  scalar,
  slice,
  sub,
  type Tensor,
  type TensorOf,
} from '../graph/index.js';
import { uniformValue } from './constants.js';

type Rewrite<K extends OpName> = (x: TensorOf<K>) => Tensor | undefined;
type Binary = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'greater';

/** A product with a number: x · factor. */
const scaled = (x: Tensor): { x: Tensor; factor: number } | undefined => {
  if (x.op === 'neg') return { x: x.inputs[0]!, factor: -1 };
  if (x.op !== 'mul') return undefined;
  const [a, b] = x.inputs as [Tensor, Tensor];
  const [va, vb] = [uniformValue(a), uniformValue(b)];
  if (vb !== undefined && sameShape(a.shape, x.shape)) return { x: a, factor: vb };
  if (va !== undefined && sameShape(b.shape, x.shape)) return { x: b, factor: va };
  return undefined;
};

/** Binary operations stretch their operands themselves: a scalar, or a smaller tensor, need not be stretched before. */
const readInPlace: Rewrite<Binary> = (y) => {
  const [a, b] = y.inputs as [Tensor, Tensor];
  const unstretched = (x: Tensor, other: Tensor): Tensor => {
    const value = uniformValue(x);
    if (value !== undefined && x.shape.length > 0 && sameShape(other.shape, y.shape)) return scalar(value);
    if (x.op !== 'broadcast') return x;
    const source = x.inputs[0]!;
    return sameShape(broadcastShapes(y.op, source.shape, other.shape), y.shape) ? source : x;
  };
  const left = unstretched(a, b);
  const right = unstretched(b, left);
  return left === a && right === b ? undefined : node(y.op, [left, right], {});
};

/** x op e = x for the element e that leaves x alone. */
const neutral =
  (element: number, sides: 'both' | 'right'): Rewrite<Binary> =>
  (y) => {
    const [a, b] = y.inputs as [Tensor, Tensor];
    if (uniformValue(b) === element && sameShape(a.shape, y.shape)) return a;
    return sides === 'both' && uniformValue(a) === element && sameShape(b.shape, y.shape) ? b : undefined;
  };

const firstOf =
  <K extends OpName>(...rules: Rewrite<K>[]): Rewrite<K> =>
  (y) => {
    for (const rule of rules) {
      const better = rule(y);
      if (better) return better;
    }
    return undefined;
  };

/** x c₁ ± y c₂ with |c₁| = |c₂|: one scaling less, after the sum. */
const commonFactor =
  (sign: 1 | -1): Rewrite<'add' | 'sub'> =>
  (y) => {
    const [a, b] = y.inputs.map((x) => scaled(x) ?? { x, factor: 1 }) as [
      { x: Tensor; factor: number },
      { x: Tensor; factor: number },
    ];
    if (Math.abs(a.factor) !== Math.abs(b.factor) || a.factor === 0 || (a.factor === 1 && b.factor === 1))
      return undefined;
    if (!sameShape(a.x.shape, b.x.shape) || !Number.isFinite(a.factor)) return undefined;
    const relative = (sign * b.factor) / a.factor;
    if (a.factor === 1) return relative === 1 ? add(a.x, b.x) : sub(a.x, b.x);
    if (a.factor === -1 && relative === -1) return sub(b.x, a.x);
    return mul(relative === 1 ? add(a.x, b.x) : sub(a.x, b.x), a.factor);
  };

/** Two padded pieces that lie side by side are one padded concatenation. */
const joinPads: Rewrite<'add'> = (y) => {
  const [p, q] = y.inputs as [Tensor, Tensor];
  if (p.op !== 'pad' || q.op !== 'pad' || p.attrs.axis !== q.attrs.axis || !sameShape(p.shape, q.shape))
    return undefined;
  const [first, second] = p.attrs.before <= q.attrs.before ? [p, q] : [q, p];
  const { axis } = p.attrs;
  const [a, b] = [first.inputs[0]!, second.inputs[0]!];
  if (first.attrs.before + a.shape[axis]! !== second.attrs.before) return undefined;
  return pad(concat([a, b], axis), axis, first.attrs.before, second.attrs.after);
};

const doubleScaling: Rewrite<'mul' | 'neg'> = (y) => {
  const outer = scaled(y as Tensor);
  if (!outer) return undefined;
  const inner = scaled(outer.x);
  return inner ? mul(inner.x, inner.factor * outer.factor) : undefined;
};

/** (a / x) c = (a c) / x for a number a. */
const scaledQuotient: Rewrite<'mul' | 'neg'> = (y) => {
  const outer = scaled(y as Tensor);
  if (outer?.x.op !== 'div') return undefined;
  const numerator = uniformValue(outer.x.inputs[0]!);
  const denominator = outer.x.inputs[1]!;
  if (numerator === undefined || !sameShape(denominator.shape, y.shape)) return undefined;
  return div(scalar(numerator * outer.factor), denominator);
};

const isSwap = (x: Tensor): boolean => x.op === 'transpose' && x.shape.length === 2 && x.attrs.order[0] === 1;

const rules: { readonly [K in OpName]?: Rewrite<K> } = {
  detach: (y) => y.inputs[0]!,
  cast: (y) => (y.inputs[0]!.dtype === y.attrs.to ? cast(y.inputs[0]!, y.attrs.to) : undefined),
  add: firstOf<'add'>(readInPlace, neutral(0, 'both'), joinPads, commonFactor(1)),
  sub: firstOf<'sub'>(readInPlace, neutral(0, 'right'), commonFactor(-1)),
  mul: firstOf<'mul'>(readInPlace, neutral(1, 'both'), doubleScaling, scaledQuotient),
  div: firstOf<'div'>(readInPlace, neutral(1, 'right')),
  neg: firstOf<'neg'>(doubleScaling, scaledQuotient),
  maximum: readInPlace,
  minimum: readInPlace,
  greater: readInPlace,
  matmul: (y) => {
    const [a, b] = y.inputs as [Tensor, Tensor];
    if (!isSwap(a) && !isSwap(b)) return undefined;
    const { transA, transB } = y.attrs;
    return matmul(isSwap(a) ? a.inputs[0]! : a, isSwap(b) ? b.inputs[0]! : b, {
      transA: transA !== isSwap(a),
      transB: transB !== isSwap(b),
    });
  },
  reshape: (y) => {
    const x = y.inputs[0]!;
    if (sameShape(x.shape, y.shape)) return x;
    return x.op === 'reshape' ? reshape(x.inputs[0]!, y.shape) : undefined;
  },
  broadcast: (y) => {
    const x = y.inputs[0]!;
    if (sameShape(x.shape, y.shape)) return x;
    return x.op === 'broadcast' ? node('broadcast', [x.inputs[0]!], y.attrs) : undefined;
  },
  pad: (y) => (y.attrs.before === 0 && y.attrs.after === 0 ? y.inputs[0]! : undefined),
  concat: (y) => (y.inputs.length === 1 ? y.inputs[0]! : undefined),
  slice: (y) => {
    const x = y.inputs[0]!;
    const { axis, start, end } = y.attrs;
    if (start === 0 && end === x.shape[axis]) return x;
    if (x.op !== 'concat' || x.attrs.axis !== axis) return undefined;
    let offset = 0;
    for (const piece of x.inputs) {
      const next = offset + piece.shape[axis]!;
      if (start >= offset && end <= next) return slice(piece, axis, start - offset, end - offset);
      offset = next;
    }
    return undefined;
  },
};

/** One step towards less work, or undefined when no rule applies. Every rule removes a node or shrinks an operand. */
export const rewrite = (x: Tensor): Tensor | undefined => (rules[x.op] as Rewrite<OpName> | undefined)?.(x);
