import { readModel } from './ports.js';

/** Operators that move values without changing them. */
const MOVING = ['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'Cast', 'Dropout'];

/** The operator that computes an output: the last one that does more than move values. Undefined where it is no node's. */
export const lastOperator = (bytes: Uint8Array, output: string, what: string): string | undefined => {
  const { graph } = readModel(bytes, what);
  let name: string | undefined = output;
  while (name !== undefined) {
    const node = graph.node.findLast((each) => each.output.includes(name!));
    if (!node) return undefined;
    if (!MOVING.includes(node.opType)) return node.opType;
    // Each step goes to an earlier value of a graph without cycles; a damaged file may have one.
    graph.node = graph.node.filter((each) => each !== node);
    name = node.input[0];
  }
  return undefined;
};
