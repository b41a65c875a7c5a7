import { encodeModel, OnnxGraph } from '../../engine/onnx/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import { VERSION } from '../../vae/training/index.js';
import type { Measured } from '../audit/result.js';
import { type Features, requireFeatures } from './features.js';
import { groupsFor, interleaved, jackknifeError } from './jackknife.js';
import { withError } from './measured.js';

/** ONNX element types of Cast. */
const FLOAT = 1;
const DOUBLE = 11;

/**
 * Σ_ij k(x_i, y_j) of two blocks, in float64: the distance is a small difference of large sums.
 *
 * Inputs:  x [rows, W], y [columns, W]. Outputs: sum [2], whose entries add up to it.
 */
const kernelModel = (width: number): Uint8Array => {
  const g = new OnnxGraph('kernel');
  const cast = (x: string, to: number): string => g.node('Cast', [x], { to: { int: to } });
  const wide = (x: string): string => cast(x, DOUBLE);
  const x = g.node('Div', [wide(g.input('x', 'float32', ['rows', width])), wide(g.float(width))]);
  const y = wide(g.input('y', 'float32', ['columns', width]));
  const one = wide(g.constant([1], [1]));
  const base = g.node('Gemm', [x, y, one], { transB: { int: 1 } });
  const cube = g.node('Mul', [g.node('Mul', [base, base]), base]);
  const sum = g.node('ReduceSum', [cube], { keepdims: { int: 0 } });
  const high = cast(sum, FLOAT);
  const low = cast(g.node('Sub', [sum, wide(high)]), FLOAT);
  const parts = [high, low].map((part) => g.node('Unsqueeze', [part, g.ints([0])]));
  g.output(g.node('Concat', parts, { axis: { int: 0 } }), 'sum', 'float32', [2]);
  return encodeModel(g.toProto(), { version: VERSION });
};

/** Σ_i k(x_i, x_i). */
const diagonalSum = ({ values, n, width }: Features): number => {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let d = i * width; d < (i + 1) * width; d++) squares += values[d]! ** 2;
    sum += (squares / width + 1) ** 3;
  }
  return sum;
};

/** Sums of the kernel over pairs of groups: rows of the first in group g, of the second in group h, at [g, h]. */
type PairSums = readonly Float64Array[];

/** Mean over the pairs that are left when group `out` is left out of both. */
const meanWithout = (sums: PairSums, pairs: (n: number, m: number) => number, a: Sizes, b: Sizes, out = -1): number => {
  let sum = 0;
  sums.forEach((row, g) => {
    if (g !== out) for (let h = 0; h < row.length; h++) if (h !== out) sum += row[h]!;
  });
  return sum / pairs(a.total - (a.of[out] ?? 0), b.total - (b.of[out] ?? 0));
};

interface Sizes {
  readonly total: number;
  readonly of: readonly number[];
}

const sizesOf = (groups: readonly Features[]): Sizes => ({
  total: groups.reduce((sum, { n }) => sum + n, 0),
  of: groups.map(({ n }) => n),
});

/**
 * Kernel distance: squared maximum mean discrepancy of two feature sets, unbiased, over all pairs of rows.
 *
 *   k(x, y) = (x·y / W + 1)³
 *   MMD² = mean_{i≠j} k(x_i, x_j) + mean_{i≠j} k(y_i, y_j) − 2 mean_{ij} k(x_i, y_j)
 *
 * It may fall below 0, and does half of the time where the sets are of one law. Sets of any size compare: no bias depends
 * on n. Standard error by jackknife. Where one is published as KID, it is the mean over subsets of 1,000 rows of
 * Inception features: the same quantity, with more noise.
 *
 * Shapes: [n, W], [m, W]; n and m at least 4.
 * Throws: ShapeError when widths differ or rows are fewer.
 * Source: Bińkowski et al. 2018, arXiv:1801.01401.
 */
export const kernelDistance = async (reference: Features, samples: Features, runtime: Runtime): Promise<Measured> => {
  requireFeatures('kernelDistance', reference, samples, 4);
  const count = groupsFor(Math.min(reference.n, samples.n));
  const [x, y] = [interleaved(reference, count), interleaved(samples, count)];
  const session = await runtime.load(kernelModel(reference.width));
  const blockSum = async (a: Features, b: Features): Promise<number> => {
    const feeds = { x: float32(a.values, [a.n, a.width]), y: float32(b.values, [b.n, b.width]) };
    const parts = (await session.run(feeds)).sum!.data as Float32Array;
    return parts[0]! + parts[1]!;
  };
  const between = async (a: readonly Features[], b: readonly Features[]): Promise<PairSums> => {
    const sums = a.map(() => new Float64Array(b.length));
    for (let g = 0; g < a.length; g++) for (let h = 0; h < b.length; h++) sums[g]![h] = await blockSum(a[g]!, b[h]!);
    return sums;
  };
  const within = async (a: readonly Features[]): Promise<PairSums> => {
    const sums = a.map(() => new Float64Array(a.length));
    for (let g = 0; g < a.length; g++) {
      sums[g]![g] = (await blockSum(a[g]!, a[g]!)) - diagonalSum(a[g]!);
      for (let h = 0; h < g; h++) sums[h]![g] = sums[g]![h] = await blockSum(a[g]!, a[h]!);
    }
    return sums;
  };
  try {
    const [xx, yy, xy] = [await within(x), await within(y), await between(x, y)];
    const [n, m] = [sizesOf(x), sizesOf(y)];
    const distinct = (rows: number): number => rows * (rows - 1);
    const without = (out?: number): number =>
      meanWithout(xx, distinct, n, n, out) +
      meanWithout(yy, distinct, m, m, out) -
      2 * meanWithout(xy, (rows, columns) => rows * columns, n, m, out);
    return withError(without(), jackknifeError(x.map((_, g) => without(g))), {
      n: samples.n,
      unit: 'MMD²',
      by: `${reference.n} reference rows, jackknife of ${count} groups`,
    });
  } finally {
    await session.release();
  }
};
