import { type Tensor, type TensorOf, topologicalOrder, useCounts } from '../graph/index.js';
import type { Name, OnnxGraph } from './graph.js';
import { gemm, lowerNode, unitStep } from './lowerings.js';

/** Which ONNX value holds which tensor, in a graph and in the graphs around it. */
export type Scope = Map<Tensor, Name>;

export interface LowerOptions {
  /** Write what belongs together as one ONNX node: see `planFusions`. */
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
  const { biased, steps, splits, absorbed } = planFusions(fuse ? order : [], useCounts(roots));
  const nameOf = (x: Tensor): Name => scope.get(x)!;
  for (const y of order) {
    if (scope.has(y) || absorbed.has(y)) continue;
    const sum = biased.get(y);
    const stepped = steps.get(y);
    const pieces = splits.get(y);
    if (sum) {
      const [a, b] = sum.product.inputs as [Tensor, Tensor];
      scope.set(y, gemm(sum.product.attrs, nameOf(a), nameOf(b), nameOf(sum.bias), g));
    } else if (stepped) {
      scope.set(y, unitStep(nameOf(stepped), g));
    } else if (pieces) {
      const { axis } = pieces[0]!.attrs;
      const sizes = g.ints(pieces.map((piece) => piece.shape[axis]!));
      const names = g.multi('Split', [nameOf(y.inputs[0]!), sizes], pieces.length, { axis: { int: axis } });
      names.forEach((name, i) => {
        scope.set(pieces[i]!, name);
      });
    } else scope.set(y, lowerNode(y, y.inputs.map(nameOf), g));
  }
};

interface Fusions {
  /** matmul + row: one Gemm. */
  readonly biased: ReadonlyMap<Tensor, BiasedProduct>;
  /** 1 where x > 0 else 0, of the x given: one HardSigmoid in place of a comparison and a slow cast. */
  readonly steps: ReadonlyMap<Tensor, Tensor>;
  /** Slices that tile a tensor: one Split. */
  readonly splits: ReadonlyMap<Tensor, readonly TensorOf<'slice'>[]>;
  /** What those nodes contain and nothing else uses. */
  readonly absorbed: ReadonlySet<Tensor>;
}

const planFusions = (order: readonly Tensor[], uses: ReadonlyMap<Tensor, number>): Fusions => {
  const biased = new Map<Tensor, BiasedProduct>();
  const steps = new Map<Tensor, Tensor>();
  const absorbed = new Set<Tensor>();
  for (const y of order) {
    const sum = biasedProduct(y, uses);
    if (sum) {
      biased.set(y, sum);
      absorbed.add(sum.product);
    }
    const comparison = y.op === 'cast' && y.attrs.to === 'float32' ? y.inputs[0]! : undefined;
    if (comparison?.op === 'greater' && uses.get(comparison) === 1 && isZero(comparison.inputs[1]!)) {
      steps.set(y, comparison.inputs[0]!);
      absorbed.add(comparison);
    }
  }
  return { biased, steps, splits: splitGroups(order), absorbed };
};

const isZero = (x: Tensor): boolean => x.op === 'constant' && x.shape.length === 0 && x.attrs.values[0] === 0;

interface BiasedProduct {
  readonly product: TensorOf<'matmul'>;
  readonly bias: Tensor;
}

/** y = matmul + bias, where the product has no other use and the bias is one row. */
const biasedProduct = (y: Tensor, uses: ReadonlyMap<Tensor, number>): BiasedProduct | undefined => {
  if (y.op !== 'add') return undefined;
  for (const [product, bias] of [y.inputs, y.inputs.toReversed()] as [Tensor, Tensor][]) {
    // Gemm stretches the bias to the product, never the product to the bias.
    const row = bias.shape.length === 1 && bias.shape[0] === product.shape[1];
    if (product.op === 'matmul' && uses.get(product) === 1 && row) return { product, bias };
  }
  return undefined;
};

/** For each slice that, with others, tiles a tensor along one axis: all of them in order. */
const splitGroups = (order: readonly Tensor[]): Map<Tensor, readonly TensorOf<'slice'>[]> => {
  const byParent = new Map<Tensor, Map<number, TensorOf<'slice'>[]>>();
  for (const y of order) {
    if (y.op !== 'slice') continue;
    const parent = y.inputs[0]!;
    const axes = byParent.get(parent) ?? new Map();
    axes.set(y.attrs.axis, [...(axes.get(y.attrs.axis) ?? []), y]);
    byParent.set(parent, axes);
  }
  const groups = new Map<Tensor, readonly TensorOf<'slice'>[]>();
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
