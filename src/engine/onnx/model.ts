import { GraphError, ShapeError } from '../errors/index.js';
import { formatShape, inputsOf, sizeOf, type Tensor, topologicalOrder, verify } from '../graph/index.js';
import { encodeModel, type ModelInfo } from './encode.js';
import { type Dimension, OnnxGraph } from './graph.js';
import { type LowerOptions, lower, type Scope } from './lower.js';
import type { GraphProto } from './proto/onnx_pb.js';

export type NamedTensors = Readonly<Record<string, Tensor>>;
/** Values of inputs that become part of the model, by input name. */
export type Weights = Readonly<Record<string, Float32Array>>;

interface BuildOptions extends LowerOptions {
  readonly weights?: Weights;
}

const build = (
  outputs: NamedTensors,
  dims: (name: string, x: Tensor) => readonly Dimension[],
  { weights = {}, ...options }: BuildOptions,
): GraphProto => {
  const roots = Object.values(outputs);
  verify(roots);
  const g = new OnnxGraph('zdist');
  const scope: Scope = new Map();
  for (const [name, x] of inputsOf(roots)) {
    const values = weights[name];
    if (values === undefined) g.input(name, x.dtype, dims(name, x));
    else if (values.length === sizeOf(x.shape)) g.constant(values, x.shape, x.dtype, name);
    else {
      throw new ShapeError(
        `toModel: expected ${formatShape(x.shape)} values for ${name}, got ${values.length} of them`,
      );
    }
  }
  // Two nodes may stand for the same input: both read the one name.
  for (const x of topologicalOrder(roots)) if (x.op === 'input') scope.set(x, x.attrs.name);
  lower(roots, scope, g, options);
  for (const [name, x] of Object.entries(outputs)) g.output(scope.get(x)!, name, x.dtype, dims(name, x));
  return g.toProto();
};

/** An ONNX model that computes the named outputs from the graph's inputs, every dimension fixed. */
export const toModel = (outputs: NamedTensors, info: ModelInfo, options: BuildOptions = {}): Uint8Array =>
  encodeModel(
    build(outputs, (_name, x) => x.shape, options),
    info,
  );

/** Two batch sizes that are unlikely to be anything else. */
const TRACED = [7, 11] as const;

/**
 * An ONNX model that takes any batch size. The graph is traced at two sizes; a dimension that follows the size is
 * declared as `batch`, and everything else must come out the same.
 *
 * Throws: GraphError when the graph has a part that is made for one batch size.
 */
export const toBatchModel = (
  trace: (batch: number) => NamedTensors,
  info: ModelInfo,
  options: BuildOptions = {},
): Uint8Array => {
  const [small, large] = [valuesByName(trace(TRACED[0])), valuesByName(trace(TRACED[1]))];
  const dims = (name: string, x: Tensor): Dimension[] =>
    x.shape.map((_, i) => {
      const [p, q] = [small.all.get(name)?.shape[i], large.all.get(name)?.shape[i]];
      if (p === TRACED[0] && q === TRACED[1]) return 'batch';
      if (p !== undefined && p === q) return p;
      throw new GraphError(
        `toBatchModel: expected ${name} to be as long as the batch along axis ${i}, or of one length, ` +
          `got ${p} and ${q} for batches of ${TRACED.join(' and ')}`,
      );
    });
  const bytes = encodeModel(build(small.outputs, dims, options), info);
  const again = encodeModel(build(large.outputs, dims, options), info);
  if (bytes.length !== again.length || bytes.some((byte, i) => byte !== again[i])) {
    throw new GraphError('toBatchModel: expected a graph that serves every batch size, got one that depends on it');
  }
  return bytes;
};

const valuesByName = (outputs: NamedTensors): { outputs: NamedTensors; all: ReadonlyMap<string, Tensor> } => ({
  outputs,
  all: new Map([...inputsOf(Object.values(outputs)), ...Object.entries(outputs)]),
});
