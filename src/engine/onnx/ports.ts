/** What a model takes and gives, by the declarations in its file. */
import { InputError } from '../errors/index.js';
import { decodeModel } from './encode.js';
import {
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  type OperatorSetIdProto,
  type ValueInfoProto,
} from './proto/onnx_pb.js';

/** A value that a model takes or gives. Dimensions that are known at run time only are names, or undefined. */
export interface Port {
  readonly name: string;
  /** `float32`, `float16`, `int64`, …; undefined for what is no tensor. */
  readonly dtype: string | undefined;
  readonly dims: readonly (number | string | undefined)[] | undefined;
}

export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly metadata: Readonly<Record<string, string>>;
}

const SPOKEN: Readonly<Record<string, string>> = { FLOAT: 'float32', DOUBLE: 'float64' };

/** The name of an element type as users know it. */
export const dataTypeName = (type: number): string => {
  const name = DataType[type] ?? `type ${type}`;
  return SPOKEN[name] ?? name.toLowerCase();
};

const portOf = ({ name, type }: ValueInfoProto): Port => {
  const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
  return {
    name,
    dtype: tensor && dataTypeName(tensor.elemType),
    dims: tensor?.shape?.dim.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : value.value)),
  };
};

/** A port as messages and pages show it: `x [n, 1, 28, 28] float32`. */
export const shownPort = ({ name, dims, dtype }: Port): string => {
  const shape = dims ? `[${dims.map((size) => (size === undefined || size === '' ? '?' : size)).join(', ')}]` : '[…]';
  return `${name} ${shape}${dtype && dtype !== 'float32' ? ` ${dtype}` : ''}`;
};

export const shownPorts = (ports: readonly Port[]): string => ports.map(shownPort).join(', ') || 'none';

export type ReadModel = ModelProto & { readonly graph: GraphProto };

/** Throws: InputError for bytes that are no ONNX model; `what` names them. */
export const readModel = (bytes: Uint8Array, what: string): ReadModel => {
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

/** Inputs of a graph that are no weights: older files list weights among the inputs. */
export const takenBy = ({ input, initializer }: GraphProto): ValueInfoProto[] => {
  const weights = new Set(initializer.map(({ name }) => name));
  return input.filter(({ name }) => !weights.has(name));
};

const DEFAULT_DOMAIN = ['', 'ai.onnx'];
export const isDefaultDomain = (domain: string): boolean => DEFAULT_DOMAIN.includes(domain);

/** The version of ONNX's own operators that a model is written for. */
export const opsetOf = ({ opsetImport }: { readonly opsetImport: readonly OperatorSetIdProto[] }): number =>
  Number(opsetImport.find(({ domain }) => isDefaultDomain(domain))?.version ?? 1);

/** What a model takes and gives. Throws: InputError for bytes that are no ONNX model; `what` names them. */
export const portsOf = (bytes: Uint8Array, what: string): Ports => {
  const { graph, metadataProps } = readModel(bytes, what);
  return {
    inputs: takenBy(graph).map(portOf),
    outputs: graph.output.map(portOf),
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
  };
};
