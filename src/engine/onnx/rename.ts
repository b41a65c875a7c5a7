import type { GraphProto, NodeProto } from './proto/onnx_pb.js';

/**
 * Gives every value, node and annotation of a graph its new name, in place, in the bodies of its loops and branches too.
 * Nothing else changes: operators, attributes, weights and what a newer format may have added stay as they are.
 *
 * The empty name of an input that is left out stays empty. One rule for all names keeps what a body takes from the graph
 * around it.
 */
export const renameValues = (graph: GraphProto, rename: (name: string) => string): void => {
  const named = (name: string): string => (name === '' ? '' : rename(name));
  const renameEach = (values: readonly { name: string }[]): void => {
    for (const value of values) value.name = named(value.name);
  };
  renameEach(graph.input);
  renameEach(graph.output);
  renameEach(graph.valueInfo);
  renameEach(graph.initializer);
  for (const { values } of graph.sparseInitializer) if (values) values.name = named(values.name);
  for (const annotation of graph.quantizationAnnotation) {
    annotation.tensorName = named(annotation.tensorName);
    for (const parameter of annotation.quantParameterTensorNames) parameter.value = named(parameter.value);
  }
  for (const node of graph.node) renameNode(node, named);
};

const renameNode = (node: NodeProto, named: (name: string) => string): void => {
  node.name = named(node.name);
  node.input = node.input.map(named);
  node.output = node.output.map(named);
  for (const { g, graphs } of node.attribute) {
    for (const body of g ? [g, ...graphs] : graphs) renameValues(body, named);
  }
};
