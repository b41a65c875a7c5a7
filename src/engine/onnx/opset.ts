/** Our own graphs written for older operator sets. */

import { create } from '@bufbuild/protobuf';
import { InputError } from '../errors/index.js';
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from './proto/onnx_pb.js';

interface Change {
  /** The operator set that made the attribute an input. */
  readonly since: number;
  readonly attribute: string;
}

/** The second input was an attribute before. */
const changeOf = (opType: string): Change | undefined => {
  if (opType === 'Split') return { since: 13, attribute: 'split' };
  if (['ReduceSum', 'Squeeze', 'Unsqueeze'].includes(opType)) return { since: 13, attribute: 'axes' };
  return opType.startsWith('Reduce') ? { since: 18, attribute: 'axes' } : undefined;
};

const intsOf = ({ rawData, int64Data }: TensorProto): bigint[] =>
  rawData.length > 0 ? [...new BigInt64Array(rawData.slice().buffer)] : int64Data;

const attribute = (name: string, ints: bigint[]): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints });

const rewrite = (node: NodeProto, constants: ReadonlyMap<string, TensorProto>, opset: number, what: string): void => {
  const change = changeOf(node.opType);
  const [, second] = node.input;
  if (change && opset < change.since && second) {
    const constant = constants.get(second);
    if (!constant) throw new InputError(`${what}: expected operator set ${change.since} or later, got ${opset}`);
    node.attribute.push(attribute(change.attribute, intsOf(constant)));
    node.input = node.input.slice(0, 1);
  }
  const needed = node.opType === 'ScatterND' ? 16 : 0;
  if (opset < needed) throw new InputError(`${what}: expected operator set ${needed} or later, got ${opset}`);
};

/**
 * Rewrites a graph of ours, in place, so that it means the same in an operator set between 11 and the one it was written
 * for: sizes and axes that are inputs now were attributes then.
 *
 * Throws: InputError for what the older set does not have; `what` names who asks for it.
 */
export const writeForOpset = (graph: GraphProto, opset: number, what: string): void => {
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const node of graph.node) rewrite(node, constants, opset, what);
};
