import { create } from '@bufbuild/protobuf';
import { type DType, type Shape, sizeOf } from '../graph/index.js';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './proto/onnx_pb.js';

/** A dimension: a number, or the name of one that is known at run time only. */
export type Dimension = number | string;

/** A value in an ONNX graph, by its name. */
export type Name = string;

export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string }
  | { readonly graph: GraphProto };

const dataTypes: Readonly<Record<DType, DataType>> = {
  float32: DataType.FLOAT,
  uint8: DataType.UINT8,
  int64: DataType.INT64,
  bool: DataType.BOOL,
};

export const dataTypeOf = (dtype: DType): number => dataTypes[dtype];

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const attributeProto = (name: string, value: Attribute): AttributeProto => {
  if ('int' in value) return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value.int) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float });
  if ('ints' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.ints.map((v) => BigInt(v)) });
  }
  if ('text' in value) return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: ascii(value.text) });
  return create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: value.graph });
};

const rawBytes = (values: ArrayLike<number>, dtype: DType): Uint8Array => {
  if (dtype === 'float32') return new Uint8Array(Float32Array.from(values).buffer);
  if (dtype === 'int64') return new Uint8Array(BigInt64Array.from(Array.from(values, (v) => BigInt(v))).buffer);
  return Uint8Array.from(values);
};

export const valueInfo = (name: Name, dtype: DType, dims: readonly Dimension[]): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: dataTypeOf(dtype),
          shape: {
            dim: dims.map((d) =>
              typeof d === 'number'
                ? { value: { case: 'dimValue' as const, value: BigInt(d) } }
                : { value: { case: 'dimParam' as const, value: d } },
            ),
          },
        },
      },
    },
  });

/** Names that stay unique in a model, bodies of loops and branches included. */
export class Names {
  private next = 0;
  fresh(hint: string): Name {
    this.next += 1;
    return `${hint}_${this.next}`;
  }
}

/** An ONNX graph being written: nodes in order, constants as initializers, declared inputs and outputs. */
export class OnnxGraph {
  private readonly nodes: NodeProto[] = [];
  private readonly initializers: TensorProto[] = [];
  private readonly inputs: ValueInfoProto[] = [];
  private readonly outputs: ValueInfoProto[] = [];
  private readonly constants = new Map<string, Name>();

  constructor(
    readonly name: string,
    readonly names: Names = new Names(),
  ) {}

  /** One node with one output; its name. */
  node(opType: string, inputs: readonly Name[], attributes: Readonly<Record<string, Attribute>> = {}): Name {
    return this.emit(opType, inputs, attributes, [this.names.fresh(opType.toLowerCase())])[0]!;
  }

  /** One node with several outputs, whose names are given or made. */
  multi(
    opType: string,
    inputs: readonly Name[],
    outputs: number | readonly Name[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly Name[] {
    const names =
      typeof outputs === 'number'
        ? Array.from({ length: outputs }, () => this.names.fresh(opType.toLowerCase()))
        : outputs;
    return this.emit(opType, inputs, attributes, names);
  }

  private emit(
    opType: string,
    inputs: readonly Name[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: readonly Name[],
  ): readonly Name[] {
    this.nodes.push(
      create(NodeProtoSchema, {
        opType,
        name: this.names.fresh(`${opType}_node`),
        input: [...inputs],
        output: [...outputs],
        attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
      }),
    );
    return outputs;
  }

  /** A constant of this graph; small equal constants are stored once. */
  constant(values: ArrayLike<number>, shape: Shape, dtype: DType = 'float32', name?: Name): Name {
    const key =
      name === undefined && sizeOf(shape) <= 16 ? `${dtype}[${shape}]${Array.from(values, encodeNumber)}` : undefined;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const made = name ?? this.names.fresh('const');
    this.initializers.push(
      create(TensorProtoSchema, {
        name: made,
        dataType: dataTypeOf(dtype),
        dims: shape.map((d) => BigInt(d)),
        rawData: rawBytes(values, dtype),
      }),
    );
    if (key !== undefined) this.constants.set(key, made);
    return made;
  }

  float(value: number): Name {
    return this.constant([value], []);
  }

  ints(values: readonly number[]): Name {
    return this.constant(values, [values.length], 'int64');
  }

  input(name: Name, dtype: DType, dims: readonly Dimension[]): Name {
    this.inputs.push(valueInfo(name, dtype, dims));
    return name;
  }

  /** Declares a value as an output under a name of its own. */
  output(value: Name, name: Name, dtype: DType, dims: readonly Dimension[]): void {
    if (value !== name) this.multi('Identity', [value], [name]);
    this.outputs.push(valueInfo(name, dtype, dims));
  }

  /** Declares a value made in this graph as an output under the name it has, without a copy where that can be. */
  handOn(value: Name, dtype: DType, dims: readonly Dimension[]): void {
    const made = this.nodes.some((node) => node.output.includes(value));
    const declared = this.outputs.some((info) => info.name === value);
    this.outputs.push(valueInfo(made && !declared ? value : this.node('Identity', [value]), dtype, dims));
  }

  toProto(): GraphProto {
    return create(GraphProtoSchema, {
      name: this.name,
      node: this.nodes,
      initializer: this.initializers,
      input: this.inputs,
      output: this.outputs,
    });
  }
}

const encodeNumber = (v: number): string => (Object.is(v, -0) ? '-0' : String(v));
