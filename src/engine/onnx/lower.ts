import { type Tensor, topologicalOrder, useCounts } from '../graph/index.js';
import type { Name, OnnxGraph } from './graph.js';
import { gemm, lowerNode } from './lowerings.js';

/** Which ONNX value holds which tensor, in a graph and in the graphs around it. */
export type Scope = Map<Tensor, Name>;

export interface LowerOptions {
  /** Merge matmul and bias into one Gemm, slices that tile a tensor into one Split. */
  readonly fuse?: boolean;
}

/**
 * Writes every node that the roots need and the scope does not hold yet into an ONNX graph, and adds it to the scope.
 *
 * Throws: GraphError (`internal:`) for an input that is not in scope.
 */
export const lower = (
  roots: readonly Tensor[],
  scope: Scope,
  g: OnnxGraph,
  { fuse = true }: LowerOptions = {},
): void => {
  const order = topologicalOrder(roots);
  const uses = useCounts(roots);
  const splits = fuse ? splitGroups(order) : new Map<Tensor, readonly Tensor[]>();
  for (const y of order) {
    if (scope.has(y)) continue;
    const biased = fuse ? biasedProduct(y, uses) : undefined;
    // A product that only feeds its bias addition is written with it.
    if (fuse && y.op === 'matmul' && uses.get(y) === 1 && order.some((z) => biasedProduct(z, uses)?.product === y))
      continue;
    const group = splits.get(y);
    if (biased) {
      const { product, bias } = biased;
      const [a, b] = product.inputs.map((x) => scope.get(x)!) as [Name, Name];
      scope.set(y, gemm(product.attrs as { transA: boolean; transB: boolean }, a, b, scope.get(bias)!, g));
    } else if (group) {
      const x = scope.get(y.inputs[0]!)!;
      const axis = (y as Extract<Tensor, { op: 'slice' }>).attrs.axis;
      const sizes = g.ints(group.map((piece) => piece.shape[axis]!));
      g.multi('Split', [x, sizes], group.length, { axis: { int: axis } }).forEach((name, i) => {
        scope.set(group[i]!, name);
      });
    } else {
      scope.set(
        y,
        lowerNode(
          y,
          y.inputs.map((x) => scope.get(x)!),
          g,
        ),
      );
    }
  }
};

/** y = matmul + bias, where the product has no other use and the bias is one row. */
const biasedProduct = (y: Tensor, uses: ReadonlyMap<Tensor, number>): { product: Tensor; bias: Tensor } | undefined => {
  if (y.op !== 'add') return undefined;
  for (const [product, bias] of [y.inputs, y.inputs.toReversed()] as [Tensor, Tensor][]) {
    // Gemm stretches the bias to the product, never the product to the bias.
    const row = bias.shape.length === 1 && bias.shape[0] === product.shape[1];
    if (product.op === 'matmul' && uses.get(product) === 1 && row) return { product, bias };
  }
  return undefined;
};

/** For each slice that, with others, tiles a tensor along one axis: all of them in order. */
const splitGroups = (order: readonly Tensor[]): Map<Tensor, readonly Tensor[]> => {
  const byParent = new Map<Tensor, Map<number, Extract<Tensor, { op: 'slice' }>[]>>();
  for (const y of order) {
    if (y.op !== 'slice') continue;
    const parent = y.inputs[0]!;
    const axes = byParent.get(parent) ?? new Map();
    axes.set(y.attrs.axis, [...(axes.get(y.attrs.axis) ?? []), y]);
    byParent.set(parent, axes);
  }
  const groups = new Map<Tensor, readonly Tensor[]>();
  for (const [parent, axes] of byParent) {
    for (const [axis, slices] of axes) {
      const sorted = slices.toSorted((p, q) => p.attrs.start - q.attrs.start);
      let end = 0;
      const tiles = sorted.every((piece) => {
        const fits = piece.attrs.start === end;
        end = piece.attrs.end;
        return fits;
      });
      if (tiles && end === parent.shape[axis] && sorted.length > 1)
        for (const piece of sorted) groups.set(piece, sorted);
    }
  }
  return groups;
};
