import { node, type OpAttrs, type Tensor, topologicalOrder, verify } from '../graph/index.js';
import { foldConstants } from './constants.js';
import { rewrite } from './rewrites.js';

/** Large constants are compared by identity; small ones by value. */
const COMPARED_VALUES = 64;

/** JSON has no Infinity, NaN or -0. */
const exactNumbers = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? (Object.is(value, -0) ? '-0' : String(value)) : value;

/**
 * The same graph with less work in it: equal nodes merged, constants folded, stretched operands read in place, and the
 * detours of autodiff (sums of padded slices, double scalings, transposes before products) taken out.
 *
 * Values agree to float32 rounding; the float64 interpreter gives the same to 1e-12 relative. Nodes that a rewrite
 * does not touch keep their labels. The result is verified. `detach` is taken out: differentiate first.
 */
export const simplify = (roots: readonly Tensor[]): Tensor[] => {
  const merged = new Map<string, Tensor>();
  const ids = new Map<Tensor, number>();
  const idOf = (x: Tensor): number => {
    const id = ids.get(x) ?? ids.size;
    ids.set(x, id);
    return id;
  };
  const keyOf = (x: Tensor): string => {
    if (x.op === 'constant' && x.attrs.values.length > COMPARED_VALUES) return `constant#${idOf(x)}`;
    return `${x.op}(${x.inputs.map(idOf)})${x.dtype}${JSON.stringify(x.attrs, exactNumbers)}`;
  };
  /** A node's simplest form among those already known; each rewrite's result is simplified in turn. */
  const settle = (x: Tensor): Tensor => {
    const known = merged.get(keyOf(x));
    if (known) return known;
    const better = foldConstants(x) ?? rewrite(x);
    const settled = better === undefined ? x : rebuild(better);
    merged.set(keyOf(x), settled);
    return settled;
  };
  const done = new Map<Tensor, Tensor>();
  const rebuild = (root: Tensor): Tensor => {
    for (const x of topologicalOrder([root], done)) {
      const inputs = x.inputs.map((y) => done.get(y)!);
      const same = inputs.every((y, i) => y === x.inputs[i]);
      const settled = settle(same ? x : node(x.op, inputs, x.attrs as OpAttrs[typeof x.op], x.label));
      done.set(x, settled);
      done.set(settled, settled);
    }
    return done.get(root)!;
  };
  const simplified = roots.map(rebuild);
  verify(simplified);
  return simplified;
};
