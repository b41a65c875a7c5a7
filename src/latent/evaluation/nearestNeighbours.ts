import { ShapeError } from '../../engine/errors/index.js';
import { encodeModel, OnnxGraph } from '../../engine/onnx/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import { VERSION } from '../../vae/training/index.js';
import { type Features, requireFeatures } from './features.js';

export interface Neighbours {
  readonly k: number;
  /** [n, k], ascending. */
  readonly distances: Float64Array;
  /** Rows of the references, [n, k]. */
  readonly rows: Int32Array;
}

export interface NeighbourOptions {
  readonly runtime: Runtime;
  /** Whether queries and references are one set, in which no row is its own neighbour. */
  readonly sameSet?: boolean;
  /** Share done, 0 … 1; throws to interrupt. */
  readonly onProgress?: (share: number) => void;
}

/** Rows on either side of one product: 4 MB of squared distances. */
const BLOCK = 1000;
/** Candidates beyond k: float32 may rank neighbours that are nearly as near the wrong way round. */
const SLACK = 3;

/**
 * |q − r|² − |q|², one product of matrices.
 *
 * Inputs:  q [queries, W], r [references, W], squares [references]. Outputs: partial [queries, references].
 */
const partialDistances = (width: number): Uint8Array => {
  const g = new OnnxGraph('distances');
  const q = g.input('q', 'float32', ['queries', width]);
  const r = g.input('r', 'float32', ['references', width]);
  const squares = g.input('squares', 'float32', ['references']);
  const partial = g.node('Gemm', [q, r, squares], { transB: { int: 1 }, alpha: { float: -2 } });
  g.output(partial, 'partial', 'float32', ['queries', 'references']);
  return encodeModel(g.toProto(), { version: VERSION });
};

/** Mean of rows. [W] */
export const centreOf = ({ values, n, width }: Features): Float64Array => {
  const centre = new Float64Array(width);
  for (let i = 0; i < n; i++) for (let d = 0; d < width; d++) centre[d]! += values[i * width + d]!;
  return centre.map((sum) => sum / n);
};

/** Rows start … end − 1 from a centre, so that no digits go to what all rows share. */
export const centredBlock = ({ values, width }: Features, centre: Float64Array, start: number, end: number) => {
  const rows = new Float32Array((end - start) * width);
  const squares = new Float32Array(end - start);
  for (let i = 0; i < end - start; i++) {
    let sum = 0;
    for (let d = 0; d < width; d++) {
      const value = values[(start + i) * width + d]! - centre[d]!;
      rows[i * width + d] = value;
      sum += value * value;
    }
    squares[i] = sum;
  }
  return { start, n: end - start, rows, squares };
};
export type CentredBlock = ReturnType<typeof centredBlock>;

export const centredBlocks = (features: Features, centre: Float64Array): CentredBlock[] =>
  Array.from({ length: Math.ceil(features.n / BLOCK) }, (_, b) =>
    centredBlock(features, centre, b * BLOCK, Math.min(features.n, (b + 1) * BLOCK)),
  );

/** The nearest candidates of every query so far, each list ascending. */
class Candidates {
  readonly distances: Float64Array;
  readonly rows: Int32Array;

  constructor(
    queries: number,
    readonly width: number,
  ) {
    this.distances = new Float64Array(queries * width).fill(Number.POSITIVE_INFINITY);
    this.rows = new Int32Array(queries * width).fill(-1);
  }

  /** Goes through the row's distances to references first, first + 1, …, all but the one numbered `skip`. */
  offer(query: number, found: Float32Array, from: number, count: number, first: number, skip: number): void {
    const base = query * this.width;
    const last = base + this.width - 1;
    let worst = this.distances[last]!;
    for (let j = 0; j < count; j++) {
      const value = found[from + j]!;
      if (value >= worst || first + j === skip) continue;
      let at = last;
      while (at > base && this.distances[at - 1]! > value) {
        this.distances[at] = this.distances[at - 1]!;
        this.rows[at] = this.rows[at - 1]!;
        at--;
      }
      this.distances[at] = value;
      this.rows[at] = first + j;
      worst = this.distances[last]!;
    }
  }
}

/**
 * The k nearest references of every query, by Euclidean distance.
 *
 *   |q − r|² = |q|² − 2 q·r + |r|², by products of blocks in float32 about the references' mean
 *
 * finds k + 3 candidates; their distances are then computed as |q − r| in float64, so that a query that is a reference
 * has the distance 0.
 *
 * Shapes: queries [n, W], references [m, W] -> [n, k]; m at least k, or k + 1 in one set.
 * Throws: ShapeError when widths differ or references are fewer.
 */
export const nearestNeighbours = async (
  queries: Features,
  references: Features,
  k: number,
  { runtime, sameSet = false, onProgress }: NeighbourOptions,
): Promise<Neighbours> => {
  requireFeatures('nearestNeighbours', queries, references, 1);
  const others = references.n - (sameSet ? 1 : 0);
  if (others < k) throw new ShapeError(`nearestNeighbours: expected at least ${k} other rows, got ${others}`);
  const centre = centreOf(references);
  const blocks = centredBlocks(queries, centre);
  const candidates = new Candidates(queries.n, Math.min(others, k + SLACK));
  const { width } = queries;
  const session = await runtime.load(partialDistances(width));
  try {
    for (let start = 0; start < references.n; start += BLOCK) {
      const end = Math.min(references.n, start + BLOCK);
      const reference = centredBlock(references, centre, start, end);
      const feeds = {
        r: float32(reference.rows, [reference.n, width]),
        squares: float32(reference.squares, [reference.n]),
      };
      for (const block of blocks) {
        const out = await session.run({ ...feeds, q: float32(block.rows, [block.n, width]) });
        const found = out.partial!.data as Float32Array;
        for (let i = 0; i < block.n; i++) {
          const query = block.start + i;
          candidates.offer(query, found, i * reference.n, reference.n, start, sameSet ? query : -1);
        }
      }
      onProgress?.(end / references.n);
    }
  } finally {
    await session.release();
  }
  return exactly(queries, references, candidates, k);
};

const exactly = (queries: Features, references: Features, candidates: Candidates, k: number): Neighbours => {
  const distances = new Float64Array(queries.n * k);
  const rows = new Int32Array(queries.n * k);
  for (let i = 0; i < queries.n; i++) {
    const found = Array.from(candidates.rows.subarray(i * candidates.width, (i + 1) * candidates.width), (row) => ({
      row,
      distance: distanceBetween(queries, i, references, row),
    })).sort((a, b) => a.distance - b.distance || a.row - b.row);
    for (let j = 0; j < k; j++) {
      distances[i * k + j] = found[j]!.distance;
      rows[i * k + j] = found[j]!.row;
    }
  }
  return { k, distances, rows };
};

const distanceBetween = (a: Features, i: number, b: Features, j: number): number => {
  let squares = 0;
  for (let d = 0; d < a.width; d++) squares += (a.values[i * a.width + d]! - b.values[j * b.width + d]!) ** 2;
  return Math.sqrt(squares);
};
