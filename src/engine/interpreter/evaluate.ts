import { GraphError, ShapeError } from '../errors/index.js';
import { formatShape, sizeOf, type Tensor, topologicalOrder } from '../graph/index.js';
import { kernelOf } from './kernels.js';

/**
 * Values of nodes in float64: slow, plain, and the reference that everything faster is held against.
 *
 * `feeds` gives every input by name, row-major. int64, uint8 and bool values are numbers here too.
 * Throws: GraphError for an input without a feed, ShapeError for a feed of the wrong size.
 */
export const evaluate = (
  roots: readonly Tensor[],
  feeds: Readonly<Record<string, ArrayLike<number>>> = {},
): Float64Array[] => {
  const values = new Map<Tensor, Float64Array>();
  for (const x of topologicalOrder(roots)) {
    if (x.op === 'input') {
      const feed = feeds[x.attrs.name];
      if (feed === undefined) throw new GraphError(`evaluate: expected a feed for input ${x.attrs.name}, got none`);
      if (feed.length !== sizeOf(x.shape)) {
        throw new ShapeError(
          `evaluate: expected ${sizeOf(x.shape)} values for input ${x.attrs.name} ${formatShape(x.shape)}, got ${feed.length}`,
        );
      }
      values.set(x, Float64Array.from(feed));
    } else {
      values.set(
        x,
        kernelOf(
          x,
          x.inputs.map((y) => values.get(y)!),
        ),
      );
    }
  }
  return roots.map((x) => values.get(x)!);
};
