import { encodeModel, OnnxGraph } from '../../engine/onnx/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import { VERSION } from '../../vae/training/index.js';
import type { Measured } from '../audit/result.js';
import { wilsonInterval } from '../audit/twoSample/index.js';
import { type Features, requireFeatures } from './features.js';
import { meanOf } from './measured.js';
import { type CentredBlock, centredBlocks, centreOf, nearestNeighbours } from './nearestNeighbours.js';

export interface ManifoldMeasures {
  readonly precision: Measured;
  readonly recall: Measured;
  readonly density: Measured;
  readonly coverage: Measured;
}

export interface ManifoldOptions {
  readonly runtime: Runtime;
  /** Neighbours that give a ball its radius; 5. */
  readonly k?: number;
  /** Share done, 0 … 1; throws to interrupt. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Who lies in whose ball, of one block of reference rows r and one of samples s.
 *
 * Inputs:  r [rows, W], s [columns, W]; rr [rows, 1] and ss [columns] their squares; reach [rows, 1] and sampleReach
 *          [columns] squared radii.
 * Outputs: holders [columns], reference balls that hold a sample; held [rows], samples in a reference row's ball;
 *          sampleHolders [rows], sample balls that hold a reference row.
 */
const ballModel = (width: number): Uint8Array => {
  const g = new OnnxGraph('balls');
  const r = g.input('r', 'float32', ['rows', width]);
  const s = g.input('s', 'float32', ['columns', width]);
  const rr = g.input('rr', 'float32', ['rows', 1]);
  const ss = g.input('ss', 'float32', ['columns']);
  const reach = g.input('reach', 'float32', ['rows', 1]);
  const sampleReach = g.input('sampleReach', 'float32', ['columns']);
  const partial = g.node('Gemm', [r, s, ss], { transB: { int: 1 }, alpha: { float: -2 } });
  // Rounding may leave the distance of equal rows below 0, and with it inside of a ball without width.
  const squared = g.node('Relu', [g.node('Add', [partial, rr])]);
  const within = (limit: string): string => g.node('Cast', [g.node('Less', [squared, limit])], { to: { int: 1 } });
  const count = (x: string, axis: number): string => g.node('ReduceSum', [x, g.ints([axis])], { keepdims: { int: 0 } });
  const inReference = within(reach);
  g.output(count(inReference, 0), 'holders', 'float32', ['columns']);
  g.output(count(inReference, 1), 'held', 'float32', ['rows']);
  g.output(count(within(sampleReach), 1), 'sampleHolders', 'float32', ['rows']);
  return encodeModel(g.toProto(), { version: VERSION });
};

/** Squared distances of rows to their k-th neighbour in their own set. [n] */
const squaredReaches = async (features: Features, k: number, runtime: Runtime): Promise<Float32Array> => {
  const { distances } = await nearestNeighbours(features, features, k, { runtime, sameSet: true });
  return Float32Array.from({ length: features.n }, (_, i) => distances[i * k + k - 1]! ** 2);
};

interface Counts {
  /** Reference balls that hold a sample. [samples] */
  readonly holders: Float64Array;
  /** Samples in a reference row's ball. [reference] */
  readonly held: Float64Array;
  /** Sample balls that hold a reference row. [reference] */
  readonly sampleHolders: Float64Array;
}

/**
 * Precision, recall, density and coverage of samples by balls about rows, each as wide as the distance to the k-th
 * nearest other row of its own set.
 *
 *   precision  share of samples in at least one reference ball
 *   recall     share of reference rows in at least one sample ball
 *   density    mean over samples of (reference balls that hold it) / k; 1 for samples of the reference's law, may pass it
 *   coverage   share of reference rows whose ball holds at least one sample
 *
 * Intervals are Wilson's of the shares, and ±1.96 standard errors of the density, with both sets of balls taken as given.
 * Precision and recall fall as sets grow: compare sets of one size. Distances in float32, about the mean of the
 * reference: a point at the very edge of a ball may be counted either way.
 *
 * Shapes: [n, W], [m, W], each of more than k rows.
 * Throws: ShapeError when widths differ or rows are fewer.
 * Source: Kynkäänniemi et al. 2019, arXiv:1904.06991; Naeem et al. 2020, arXiv:2002.09797.
 */
export const manifoldMeasures = async (
  reference: Features,
  samples: Features,
  { runtime, k = 5, onProgress }: ManifoldOptions,
): Promise<ManifoldMeasures> => {
  requireFeatures('manifoldMeasures', reference, samples, k + 1);
  const reach = await squaredReaches(reference, k, runtime);
  onProgress?.(1 / 3);
  const sampleReach = await squaredReaches(samples, k, runtime);
  onProgress?.(2 / 3);
  const { holders, held, sampleHolders } = await countHeld(reference, samples, reach, sampleReach, runtime);
  onProgress?.(1);
  const by = `k = ${k}, ${reference.n} reference rows and ${samples.n} samples`;
  return {
    precision: shareAbove0(holders, by),
    recall: shareAbove0(sampleHolders, by),
    density: meanOf(
      holders.map((balls) => balls / k),
      { unit: 'balls / k', by },
    ),
    coverage: shareAbove0(held, by),
  };
};

const countHeld = async (
  reference: Features,
  samples: Features,
  reach: Float32Array,
  sampleReach: Float32Array,
  runtime: Runtime,
): Promise<Counts> => {
  const centre = centreOf(reference);
  const columns = centredBlocks(samples, centre);
  const counts: Counts = {
    holders: new Float64Array(samples.n),
    held: new Float64Array(reference.n),
    sampleHolders: new Float64Array(reference.n),
  };
  const part = (values: Float32Array, { start, n }: CentredBlock): Float32Array => values.subarray(start, start + n);
  const addAt = (sums: Float64Array, { start }: CentredBlock, values: Float32Array): void => {
    values.forEach((value, i) => {
      sums[start + i]! += value;
    });
  };
  const session = await runtime.load(ballModel(reference.width));
  try {
    for (const row of centredBlocks(reference, centre)) {
      for (const column of columns) {
        const out = await session.run({
          r: float32(row.rows, [row.n, reference.width]),
          s: float32(column.rows, [column.n, reference.width]),
          rr: float32(row.squares, [row.n, 1]),
          ss: float32(column.squares, [column.n]),
          reach: float32(part(reach, row), [row.n, 1]),
          sampleReach: float32(part(sampleReach, column), [column.n]),
        });
        addAt(counts.holders, column, out.holders!.data as Float32Array);
        addAt(counts.held, row, out.held!.data as Float32Array);
        addAt(counts.sampleHolders, row, out.sampleHolders!.data as Float32Array);
      }
    }
  } finally {
    await session.release();
  }
  return counts;
};

const shareAbove0 = (counts: Float64Array, by: string): Measured => {
  const n = counts.length;
  const some = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const value = some / n;
  return { value, se: Math.sqrt((value * (1 - value)) / n), interval: wilsonInterval(some, n), n, unit: 'share', by };
};
