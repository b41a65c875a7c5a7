import type { Shape } from './shape.js';

/** Element types a graph may carry. Arithmetic is float32; uint8 is data, int64 are indices, bool are masks. */
export type DType = 'float32' | 'uint8' | 'int64' | 'bool';

type None = Readonly<Record<string, never>>;
interface Reduction {
  /** Ascending, each once. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/**
 * Every operation and what it needs to know beside its inputs. The tables of rules (shapes, gradients, float64
 * evaluation, ONNX) are typed over these keys, so that an operation without a rule does not compile.
 */
export interface OpAttrs {
  /** A value given at run time. */
  input: { readonly name: string; readonly shape: Shape; readonly dtype: DType };
  /** A value known when the graph is built, row-major. */
  constant: { readonly values: readonly number[]; readonly shape: Shape; readonly dtype: DType };
  /** The value of its input, through which no gradient passes. */
  detach: None;

  neg: None;
  abs: None;
  exp: None;
  log: None;
  sqrt: None;
  square: None;
  reciprocal: None;
  relu: None;
  sigmoid: None;
  tanh: None;
  /** log(1 + exp(x)), finite and accurate for every finite x. */
  softplus: None;
  /** log(1 / (1 + exp(-x))), finite and accurate for every finite x. */
  logSigmoid: None;
  clip: { readonly min: number; readonly max: number };
  cast: { readonly to: DType };

  add: None;
  sub: None;
  mul: None;
  div: None;
  maximum: None;
  minimum: None;
  /** a > b as bool. */
  greater: None;
  /** where(condition, a, b). */
  where: None;

  /** Product of two matrices, each of them transposed first if it says so. */
  matmul: { readonly transA: boolean; readonly transB: boolean };

  sum: Reduction;
  mean: Reduction;
  logSumExp: Reduction;

  reshape: { readonly shape: Shape };
  transpose: { readonly order: readonly number[] };
  broadcast: { readonly shape: Shape };
  concat: { readonly axis: number };
  slice: { readonly axis: number; readonly start: number; readonly end: number };
  /** Zeros before and after, along one axis: the transpose of slice. */
  pad: { readonly axis: number; readonly before: number; readonly after: number };
  /** Rows of x by index: gather(x, indices)[i] = x[indices[i]]. */
  gather: None;
  /** Sum of rows by index into zeros [rows, ...]: the transpose of gather. Inputs: indices, updates. */
  scatterAdd: { readonly rows: number };
}

export type OpName = keyof OpAttrs;

/** A node of the graph and the value it stands for: immutable, typed, with a static shape. */
export interface TensorOf<K extends OpName> {
  readonly op: K;
  readonly inputs: readonly Tensor[];
  readonly attrs: OpAttrs[K];
  readonly shape: Shape;
  readonly dtype: DType;
  /** A name for messages and for saved graphs; no meaning to the mathematics. */
  readonly label?: string;
}

export type Tensor = { [K in OpName]: TensorOf<K> }[OpName];

/** A tensor, or a number that stands for a float32 scalar constant. */
export type Operand = Tensor | number;
