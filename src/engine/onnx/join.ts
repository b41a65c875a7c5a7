import { create, toBinary } from '@bufbuild/protobuf';
import { InputError } from '../errors/index.js';
import { decodeModel, type ModelInfo } from './encode.js';
import {
  TensorProto_DataLocation as DataLocation,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type OperatorSetIdProto,
  type ValueInfoProto,
} from './proto/onnx_pb.js';
import { renameValues } from './rename.js';

/** A value that a model takes or gives. Dimensions that are known at run time only are names, or undefined. */
export interface Port {
  readonly name: string;
  readonly dims: readonly (number | string | undefined)[] | undefined;
}

export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly metadata: Readonly<Record<string, string>>;
}

const portOf = ({ name, type }: ValueInfoProto): Port => {
  const shape = type?.value.case === 'tensorType' ? type.value.value.shape : undefined;
  return {
    name,
    dims: shape?.dim.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : value.value)),
  };
};

/** Throws: InputError for bytes that are no ONNX model; `what` names them. */
const readModel = (bytes: Uint8Array, what: string): ModelProto & { readonly graph: GraphProto } => {
  let model: ModelProto | undefined;
  try {
    model = decodeModel(bytes);
  } catch {
    model = undefined;
  }
  const graph = model?.graph;
  if (!model || !graph || graph.output.length === 0) throw new InputError(`${what}: expected an ONNX model, got none`);
  return Object.assign(model, { graph });
};

const takenBy = ({ input, initializer }: GraphProto): ValueInfoProto[] => {
  const weights = new Set(initializer.map(({ name }) => name));
  return input.filter(({ name }) => !weights.has(name));
};

/** What a model takes and gives. Throws: InputError for bytes that are no ONNX model; `what` names them. */
export const portsOf = (bytes: Uint8Array, what: string): Ports => {
  const { graph, metadataProps } = readModel(bytes, what);
  return {
    inputs: takenBy(graph).map(portOf),
    outputs: graph.output.map(portOf),
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
  };
};

/** Reductions that take their axes as an input from operator set 18 on. */
const CHANGED_IN_18 = /^Reduce(?!Sum$)/;
/** The oldest operator set in which the rest of what we write means the same. */
const OLDEST = 13;

const DEFAULT_DOMAIN = ['', 'ai.onnx'];
const isDefault = ({ domain }: OperatorSetIdProto): boolean => DEFAULT_DOMAIN.includes(domain);

const opsetOf = ({ opsetImport }: ModelProto): number => Number(opsetImport.find(isDefault)?.version ?? 1);

const checkOpsets = (first: ModelProto & { graph: GraphProto }, second: ModelProto, what: string): void => {
  const [own, other] = [opsetOf(first), opsetOf(second)];
  if (other >= own) return;
  const changed = first.graph.node.some(({ opType, domain }) => domain === '' && CHANGED_IN_18.test(opType));
  const least = changed ? own : OLDEST;
  if (other < least)
    throw new InputError(`${what}: expected operator set ${least} or later, got ${other}; export it anew`);
};

export interface Join {
  /** The output of the first model that the second takes as its input. */
  readonly from: string;
  readonly into: string;
  /** The output of the second model that the joined one gives, and the name it gives it. */
  readonly output: string;
  readonly as: string;
  /** How messages name the second model. */
  readonly name: string;
}

/**
 * Two models as one: what the first gives under `from` is what the second takes as `into`.
 *
 * Their graphs are put one after the other and their values renamed, `first/…` and `second/…`; operators, attributes,
 * functions and weights are not touched. The operator set is that of the second model.
 *
 * Throws: InputError for bytes that are no model, an input or output that is not there, weights that lie in other files,
 * or an operator set that is too old.
 */
export const joinModels = (
  firstBytes: Uint8Array,
  secondBytes: Uint8Array,
  { from, into, output, as, name }: Join,
  { version, description = '', metadata = {} }: ModelInfo,
): Uint8Array => {
  const first = readModel(firstBytes, 'joinModels');
  const second = readModel(secondBytes, name);
  const taken = takenBy(second.graph);
  if (taken.length !== 1 || taken[0]!.name !== into) {
    throw new InputError(`${name}: expected one input ${into}, got ${taken.map((port) => port.name).join(', ')}`);
  }
  const given = second.graph.output.find((port) => port.name === output);
  if (!given) throw new InputError(`${name}: expected an output ${output}, got none of this name`);
  if (second.graph.initializer.some(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL)) {
    throw new InputError(`${name}: expected one file that holds its weights, got weights in files beside it`);
  }
  checkOpsets(first, second, name);

  // Both follow the batch: the name of that dimension is the first model's.
  const batch = given.type?.value.case === 'tensorType' ? given.type.value.value.shape?.dim[0] : undefined;
  if (batch?.value.case === 'dimParam') batch.value.value = 'batch';

  const inputs = first.graph.input.map((port) => port.name);
  renameValues(first.graph, (value) => (inputs.includes(value) ? value : `first/${value}`));
  renameValues(second.graph, (value) => {
    if (value === into) return `first/${from}`;
    return value === output ? as : `second/${value}`;
  });
  const parts = [first.graph, second.graph];
  const domains = new Map(
    [...first.opsetImport, ...second.opsetImport].map((set) => [isDefault(set) ? '' : set.domain, set]),
  );
  const joined = create(ModelProtoSchema, {
    irVersion: first.irVersion > second.irVersion ? first.irVersion : second.irVersion,
    opsetImport: [...domains.values()],
    producerName: 'zdist',
    producerVersion: version,
    docString: description,
    functions: second.functions,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'zdist',
      node: parts.flatMap((graph) => graph.node),
      initializer: parts.flatMap((graph) => graph.initializer),
      sparseInitializer: parts.flatMap((graph) => graph.sparseInitializer),
      valueInfo: parts.flatMap((graph) => graph.valueInfo),
      quantizationAnnotation: parts.flatMap((graph) => graph.quantizationAnnotation),
      // Older files list weights among the inputs; as inputs of the joined model they could be fed.
      input: [...first.graph.input, ...second.graph.input.filter((port) => port.name !== `first/${from}`)],
      output: [given],
    },
  });
  return toBinary(ModelProtoSchema, joined);
};
