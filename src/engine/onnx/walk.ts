/** Everything in a model that holds nodes or weights, bodies of loops, branches and functions included. */
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  SparseTensorProto,
  TensorProto,
} from './proto/onnx_pb.js';

/** A graph, then the graphs inside its nodes. */
export function* graphsWithin(graph: GraphProto): Generator<GraphProto> {
  yield graph;
  for (const node of graph.node) yield* bodiesOf(node);
}

function* bodiesOf({ attribute }: NodeProto): Generator<GraphProto> {
  for (const { g, graphs } of attribute) for (const body of g ? [g, ...graphs] : graphs) yield* graphsWithin(body);
}

const ownNodes = (functions: readonly FunctionProto[]): NodeProto[] => functions.flatMap(({ node }) => node);

/** Every node of a model. */
export function* nodesOf({ graph, functions }: ModelProto): Generator<NodeProto> {
  if (graph) for (const each of graphsWithin(graph)) yield* each.node;
  for (const node of ownNodes(functions)) {
    yield node;
    for (const body of bodiesOf(node)) yield* body.node;
  }
}

const ofSparse = ({ values, indices }: SparseTensorProto): TensorProto[] =>
  [values, indices].filter((tensor) => tensor !== undefined);

const ofAttribute = ({ t, tensors, sparseTensor, sparseTensors }: AttributeProto): TensorProto[] => [
  ...(t ? [t, ...tensors] : tensors),
  ...(sparseTensor ? [sparseTensor, ...sparseTensors] : sparseTensors).flatMap(ofSparse),
];

/** Every tensor that is stored in a model: weights, and values of attributes. */
export function* tensorsOf(model: ModelProto): Generator<TensorProto> {
  const { graph, functions, trainingInfo } = model;
  const training = trainingInfo.flatMap(({ initialization, algorithm }) => [initialization, algorithm]);
  const inFunctions = ownNodes(functions).flatMap((node) => [...bodiesOf(node)]);
  for (const root of [graph, ...training].filter((each) => each !== undefined)) {
    for (const each of graphsWithin(root)) yield* ofGraph(each);
  }
  for (const body of inFunctions) yield* ofGraph(body);
  for (const { attributeProto } of functions) for (const attribute of attributeProto) yield* ofAttribute(attribute);
  for (const node of ownNodes(functions)) for (const attribute of node.attribute) yield* ofAttribute(attribute);
}

function* ofGraph({ initializer, sparseInitializer, node }: GraphProto): Generator<TensorProto> {
  yield* initializer;
  for (const sparse of sparseInitializer) yield* ofSparse(sparse);
  for (const { attribute } of node) for (const each of attribute) yield* ofAttribute(each);
}
