/** Models of other programs made to take rows of float32, any number of them, and to give rows of float32. */
import { create, toBinary } from '@bufbuild/protobuf';
import { InputError } from '../errors/index.js';
import { type Dimension, Names, OnnxGraph } from './graph.js';
import { dataTypeName, opsetOf, type ReadModel, readModel, takenBy } from './ports.js';
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  ModelProtoSchema,
  NodeProtoSchema,
  type TypeProto_Tensor,
  type ValueInfoProto,
} from './proto/onnx_pb.js';
import { renameValues } from './rename.js';

/** y = x, 1/(1 + e^−x), or scale · x + offset, value by value. */
export type ValueMap = 'identity' | 'sigmoid' | { readonly scale: number; readonly offset: number };

export interface AdaptedOutput {
  /** In the model, and in the adapted one. */
  readonly name: string;
  readonly as: string;
  readonly map?: ValueMap;
  /** Order of the axes, the batch first, before they are made one row. */
  readonly order?: readonly number[];
  /** Keep the axes that the model gives. */
  readonly shaped?: boolean;
  /** Axes to declare, where they are known. */
  readonly dims?: readonly Dimension[];
}

export interface Adaptation {
  readonly input: string;
  /** Name of the input [batch, Π row] of the adapted model. */
  readonly as: string;
  /** Axes of one row as the model takes them. */
  readonly row: readonly number[];
  readonly outputs: readonly AdaptedOutput[];
}

/** The oldest operator set in which what is added here means the same. */
export const OLDEST = 11;
/** From here on weights need not be listed among the inputs. */
const WEIGHTS_APART = 4n;
/** ONNX clamps the end of a slice. */
const END = 2 ** 31 - 1;

const tensorOf = ({ name, type }: ValueInfoProto, what: string): TypeProto_Tensor => {
  if (type?.value.case === 'tensorType') return type.value.value;
  throw new InputError(`${what}: expected ${name} to be a tensor, got ${type?.value.case ?? 'no type'}`);
};

const castTo = (value: string, from: number, to: number, g: OnnxGraph): string =>
  from === to ? value : g.node('Cast', [value], { to: { int: to } });

/** Rows in as many groups of B as hold them, the last one filled up with zeros. Shapes: [n, P] -> [⌈n/B⌉, B, …row]. */
const grouped = (rows: string, batch: number, row: readonly number[], g: OnnxGraph): string => {
  const count = g.node('Slice', [g.node('Shape', [rows]), g.ints([0]), g.ints([1])]);
  const groups = g.node('Div', [g.node('Add', [count, g.ints([batch - 1])]), g.ints([batch])]);
  const missing = g.node('Sub', [g.node('Mul', [groups, g.ints([batch])]), count]);
  const padding = g.node('Concat', [g.ints([0, 0]), missing, g.ints([0])], { axis: { int: 0 } });
  return g.node('Reshape', [g.node('Pad', [rows, padding]), g.ints([-1, batch, ...row])]);
};

/** The first rows of groups of rows, as many as `like` has. Shapes: [m, B, …] -> [n, …]. */
const ungrouped = (groups: string, like: string, g: OnnxGraph): string => {
  const rest = g.node('Slice', [g.node('Shape', [groups]), g.ints([2]), g.ints([END])]);
  const all = g.node('Reshape', [groups, g.node('Concat', [g.ints([-1]), rest], { axis: { int: 0 } })]);
  const count = g.node('Slice', [g.node('Shape', [like]), g.ints([0]), g.ints([1])]);
  return g.node('Slice', [all, g.ints([0]), count, g.ints([0])]);
};

const mapped = (value: string, map: ValueMap, g: OnnxGraph): string => {
  if (map === 'identity') return value;
  if (map === 'sigmoid') return g.node('Sigmoid', [value]);
  return g.node('Add', [g.node('Mul', [value, g.float(map.scale)]), g.float(map.offset)]);
};

/** Nodes of one graph put behind those of another, with their constants. */
const append = (target: GraphProto, { node, initializer }: GraphProto): void => {
  target.node.push(...node);
  target.initializer.push(...initializer);
};

/** The graph as the body of a Scan over groups of rows. */
const scanOf = (body: GraphProto, groups: string, outputs: readonly string[]) =>
  create(NodeProtoSchema, {
    opType: 'Scan',
    name: 'groups_of_rows',
    input: [groups],
    output: [...outputs],
    attribute: [
      { name: 'body', type: AttributeType.GRAPH, g: body },
      { name: 'num_scan_inputs', type: AttributeType.INT, i: 1n },
    ],
  });

const FLOATS = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16, DataType.UINT8, DataType.INT64];

const checkType = (type: number, name: string, what: string): void => {
  if (FLOATS.includes(type) || type === DataType.INT32) return;
  throw new InputError(`${what}: expected ${name} to hold numbers, got ${dataTypeName(type)}`);
};

/**
 * A model of one input with its inputs and outputs in one form: rows of float32, any number of them.
 *
 * Half and double precision are cast at the edges; images and maps come as rows; a graph made for B rows alone runs
 * inside a Scan over groups of B, the last one filled up with zeros. The model's own nodes, attributes, weights,
 * functions and unknown fields stay as they are; its values are renamed `model/…`.
 *
 * Throws: InputError for a model without these ports, of another number of inputs, or of an operator set before 11.
 */
export const adaptModel = (bytes: Uint8Array, what: string, adaptation: Adaptation): Uint8Array => {
  const model = readModel(bytes, what);
  const { graph } = model;
  const { input, as, row } = adaptation;
  const opset = opsetOf(model);
  if (opset < OLDEST) {
    throw new InputError(`${what}: expected operator set ${OLDEST} or later, got ${opset}; export it anew`);
  }
  const port = takenBy(graph).find(({ name }) => name === input);
  const outputs = adaptation.outputs.map((output) => {
    const found = graph.output.find(({ name }) => name === output.name);
    if (!found) throw new InputError(`${what}: expected an output ${output.name}, got none of this name`);
    const { elemType } = tensorOf(found, what);
    checkType(elemType, output.name, what);
    return { ...output, found, elemType };
  });
  if (!port) throw new InputError(`${what}: expected an input ${input}, got none of this name`);
  const { elemType, shape } = tensorOf(port, what);
  checkType(elemType, input, what);
  const [first] = shape?.dim ?? [];
  const batch = first?.value.case === 'dimValue' ? Number(first.value.value) : undefined;

  renameValues(graph, (name) => `model/${name}`);
  const names = new Names();
  const [before, after] = [new OnnxGraph('before', names), new OnnxGraph('after', names)];
  before.input(as, 'float32', ['batch', row.reduce((product, size) => product * size, 1)]);
  const rows =
    batch === undefined ? before.node('Reshape', [as, before.ints([-1, ...row])]) : grouped(as, batch, row, before);
  const fed = castTo(rows, DataType.FLOAT, elemType, before);
  const given = outputs.map(({ name }) => `model/${name}`);
  const raw = batch === undefined ? given : given.map((name) => ungrouped(`${name}/groups`, as, after));
  outputs.forEach(({ as: called, map = 'identity', order, shaped, dims = [], elemType: type }, i) => {
    const values = mapped(castTo(raw[i]!, type, DataType.FLOAT, after), map, after);
    const turned = order ? after.node('Transpose', [values], { perm: { ints: order } }) : values;
    after.output(shaped ? turned : after.node('Flatten', [turned], { axis: { int: 1 } }), called, 'float32', dims);
  });
  const [head, tail] = [before.toProto(), after.toProto()];
  // Axes that are not known are the runtime's to find out.
  tail.output.forEach(({ type }, i) => {
    if (!outputs[i]!.dims && type?.value.case === 'tensorType') delete type.value.value.shape;
  });

  const own = batch === undefined ? spliced(graph, fed) : scanned(model, fed, given);
  own.node = [...head.node, ...own.node];
  own.initializer.push(...head.initializer);
  append(own, tail);
  own.input = head.input;
  own.output = tail.output;
  model.graph = own;
  if (model.irVersion < WEIGHTS_APART) model.irVersion = WEIGHTS_APART;
  return toBinary(ModelProtoSchema, model);
};

/** The graph with its input taken from another value. */
const spliced = (graph: GraphProto, fed: string): GraphProto => {
  const [port] = takenBy(graph);
  graph.node.unshift(create(NodeProtoSchema, { opType: 'Identity', input: [fed], output: [port!.name] }));
  return graph;
};

/** A graph of one Scan, with this one as its body. */
const scanned = ({ graph }: ReadModel, fed: string, wanted: readonly string[]): GraphProto => {
  const groups = wanted.map((name) => `${name}/groups`);
  const weights = new Set(graph.initializer.map(({ name }) => name));
  graph.input = graph.input.filter(({ name }) => !weights.has(name));
  graph.output = wanted.map((name) => graph.output.find((output) => output.name === name)!);
  const outer = new OnnxGraph(graph.name).toProto();
  outer.node = [scanOf(graph, fed, groups)];
  return outer;
};
