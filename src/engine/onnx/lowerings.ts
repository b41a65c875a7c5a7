import { GraphError } from '../errors/index.js';
import type { OpName, Tensor, TensorOf } from '../graph/index.js';
import { dataTypeOf, type Name, type OnnxGraph } from './graph.js';

export type Lowering<K extends OpName> = (y: TensorOf<K>, inputs: readonly Name[], g: OnnxGraph) => Name;

const same =
  (opType: string): Lowering<OpName> =>
  (_y, inputs, g) =>
    g.node(opType, inputs);

const reduce =
  (opType: string): Lowering<'sum' | 'mean' | 'logSumExp'> =>
  ({ attrs }, [x], g) => {
    // No axes means all of them to ONNX and none of them here.
    if (attrs.axes.length === 0) return x!;
    return g.node(opType, [x!, g.ints(attrs.axes)], { keepdims: { int: attrs.keepDims ? 1 : 0 } });
  };

/**
 * softplus(x) = max(x, 0) + log(1 + e), e = exp(-|x|), in ops that vectorise (the Softplus op is a scalar loop).
 * With u = fl(1 + e), log(1 + e) = log u + (e - (u - 1)) to float32: without the correction the tail of a very
 * negative x is lost, and with it a small standard deviation becomes 0 and its logarithm infinite.
 */
const softplus = (x: Name, g: OnnxGraph): Name => {
  const one = g.float(1);
  const e = g.node('Exp', [g.node('Neg', [g.node('Abs', [x])])]);
  const u = g.node('Add', [e, one]);
  const lost = g.node('Sub', [e, g.node('Sub', [u, one])]);
  return g.node('Add', [g.node('Relu', [x]), g.node('Add', [g.node('Log', [u]), lost])]);
};

/** How each operation is written in ONNX. */
export const lowerings: { readonly [K in OpName]: Lowering<K> } = {
  input: (y) => {
    throw new GraphError(`internal: input ${y.attrs.name} is not in scope`);
  },
  constant: ({ attrs }, _inputs, g) => g.constant(attrs.values, attrs.shape, attrs.dtype),
  detach: (_y, [x]) => x!,
  neg: same('Neg'),
  abs: same('Abs'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  square: (_y, [x], g) => g.node('Mul', [x!, x!]),
  reciprocal: same('Reciprocal'),
  relu: same('Relu'),
  sigmoid: same('Sigmoid'),
  tanh: same('Tanh'),
  softplus: (_y, [x], g) => softplus(x!, g),
  logSigmoid: (_y, [x], g) => g.node('Neg', [softplus(g.node('Neg', [x!]), g)]),
  clip: ({ attrs }, [x], g) => g.node('Clip', [x!, g.float(attrs.min), g.float(attrs.max)]),
  cast: ({ attrs }, [x], g) => g.node('Cast', [x!], { to: { int: dataTypeOf(attrs.to) } }),
  add: same('Add'),
  sub: same('Sub'),
  mul: same('Mul'),
  div: same('Div'),
  maximum: same('Max'),
  minimum: same('Min'),
  greater: same('Greater'),
  where: same('Where'),
  matmul: ({ attrs }, [a, b], g) => gemm(attrs, a!, b!, undefined, g),
  sum: reduce('ReduceSum'),
  mean: reduce('ReduceMean'),
  logSumExp: reduce('ReduceLogSumExp'),
  reshape: ({ attrs, inputs }, [x], g) => {
    if (attrs.shape.includes(0)) return g.node('Reshape', [x!, g.ints(attrs.shape)], { allowzero: { int: 1 } });
    // 0 copies the leading dimension of the input: the same node then serves every batch size.
    const keepsBatch = attrs.shape.length > 0 && attrs.shape[0] === inputs[0]!.shape[0];
    return g.node('Reshape', [x!, g.ints(attrs.shape.map((d, i) => (i === 0 && keepsBatch ? 0 : d)))]);
  },
  transpose: ({ attrs }, [x], g) => g.node('Transpose', [x!], { perm: { ints: attrs.order } }),
  broadcast: ({ attrs }, [x], g) => g.node('Expand', [x!, g.ints(attrs.shape)]),
  concat: ({ attrs }, inputs, g) => g.node('Concat', inputs, { axis: { int: attrs.axis } }),
  slice: ({ attrs }, [x], g) => g.node('Slice', [x!, g.ints([attrs.start]), g.ints([attrs.end]), g.ints([attrs.axis])]),
  pad: ({ attrs, shape }, [x], g) => {
    const at = (count: number): number[] => shape.map((_, i) => (i === attrs.axis ? count : 0));
    return g.node('Pad', [x!, g.ints([...at(attrs.before), ...at(attrs.after)])]);
  },
  gather: (_y, [x, indices], g) => g.node('Gather', [x!, indices!], { axis: { int: 0 } }),
  scatterAdd: ({ shape }, [indices, updates], g) => {
    const base = g.node('ConstantOfShape', [g.ints(shape)]);
    const rows = g.node('Unsqueeze', [indices!, g.ints([-1])]);
    return g.node('ScatterND', [base, rows, updates!], { reduction: { text: 'add' } });
  },
};

/** a · b + bias as one Gemm. */
export const gemm = (
  { transA, transB }: { readonly transA: boolean; readonly transB: boolean },
  a: Name,
  b: Name,
  bias: Name | undefined,
  g: OnnxGraph,
): Name =>
  g.node('Gemm', bias === undefined ? [a, b] : [a, b, bias], {
    transA: { int: transA ? 1 : 0 },
    transB: { int: transB ? 1 : 0 },
  });

/**
 * 1 where x > 0, else 0, for every float32 that is not denormal: HardSigmoid is min(max(αx + β, 0), 1), and α = 3e38
 * takes the least normal number above 1.
 */
export const unitStep = (x: Name, g: OnnxGraph): Name =>
  g.node('HardSigmoid', [x], { alpha: { float: 3e38 }, beta: { float: 0 } });

/** The lowering of a node's own operation, applied. */
export const lowerNode = (y: Tensor, inputs: readonly Name[], g: OnnxGraph): Name =>
  (lowerings[y.op] as Lowering<OpName>)(y, inputs, g);
