import { GraphError } from '../errors/index.js';
import { topologicalOrder } from './order.js';
import { signatureOf } from './rules.js';
import { formatShape, sameShape } from './shape.js';
import type { OpAttrs, Tensor } from './tensor.js';

/**
 * Checks that a graph is legal: every node has the shape and element type that its operation's rule gives, and one
 * input name means one shape. Run after every pass, so that a faulty rewrite is caught where it was made.
 *
 * Throws: GraphError (`internal:`), or the ShapeError / DTypeError of the rule.
 */
export const verify = (roots: readonly Tensor[]): void => {
  const inputs = new Map<string, Tensor>();
  for (const x of topologicalOrder(roots)) {
    const expected = signatureOf(x.op, x.inputs, x.attrs as OpAttrs[typeof x.op]);
    if (!sameShape(expected.shape, x.shape) || expected.dtype !== x.dtype) {
      throw new GraphError(
        `internal: verify: ${x.op} expected ${expected.dtype}${formatShape(expected.shape)}, got ${x.dtype}${formatShape(x.shape)}`,
      );
    }
    if (x.op !== 'input') continue;
    const known = inputs.get(x.attrs.name);
    if (known && (!sameShape(known.shape, x.shape) || known.dtype !== x.dtype)) {
      throw new GraphError(
        `verify: expected one shape for input ${x.attrs.name}, got ${known.dtype}${formatShape(known.shape)} and ` +
          `${x.dtype}${formatShape(x.shape)}`,
      );
    }
    inputs.set(x.attrs.name, x);
  }
};

/** The inputs that the roots need, one node a name, in order of first use. Throws as `verify`. */
export const inputsOf = (roots: readonly Tensor[]): Map<string, Tensor> => {
  const found = new Map<string, Tensor>();
  for (const x of topologicalOrder(roots)) if (x.op === 'input' && !found.has(x.attrs.name)) found.set(x.attrs.name, x);
  return found;
};
