import { concat, mul, slice, type Tensor } from '../../../engine/graph/index.js';
import { type CovarianceKind, type Scorer, sizeOfFactor } from './components.js';
import { gramOfLower } from './triangular.js';

/**
 * A Gaussian log density is linear in φ(z) = [products z_i z_j, z, 1]: the densities of all components at all points are
 * one matrix product, and so are the moments that EM sums up.
 *
 * The products stand in the order of cyclic shifts: z_i z_(i+s) for all i, shift after shift, s = 0 … D/2. Each shift is
 * one elementwise product of rows as they lie in memory; together they hold every pair once. The diagonal kind needs
 * shift 0 only.
 */
export interface FeaturePairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Of φ: pairs, D values, and the 1. */
  readonly size: number;
}

const shiftsOf = (covariance: CovarianceKind, d: number): number => (covariance === 'full' ? Math.floor(d / 2) : 0);
/** Shift D/2 meets every pair twice: half of it is enough. */
const lengthOf = (shift: number, d: number): number => (2 * shift === d ? shift : d);

export const featurePairs = (covariance: CovarianceKind, d: number): FeaturePairs => {
  const first: number[] = [];
  const second: number[] = [];
  for (let shift = 0; shift <= shiftsOf(covariance, d); shift++) {
    for (let i = 0; i < lengthOf(shift, d); i++) {
      first.push(i);
      second.push((i + shift) % d);
    }
  }
  return { first: Int32Array.from(first), second: Int32Array.from(second), size: first.length + d + 1 };
};

/** φ of every column. Shapes: points [D + 1, B], whose last row is 1 (0 at columns that do not count) -> [F, B]. */
export const featuresOf = (points: Tensor, covariance: CovarianceKind): Tensor => {
  const d = points.shape[0]! - 1;
  const z = slice(points, 0, 0, d);
  const shifts = shiftsOf(covariance, d);
  const turned = shifts === 0 ? z : concat([z, slice(z, 0, 0, shifts)], 0);
  const products = Array.from({ length: shifts + 1 }, (_, shift) => {
    const length = lengthOf(shift, d);
    return mul(slice(z, 0, 0, length), slice(turned, 0, shift, shift + length));
  });
  return concat([...products, points], 0);
};

/**
 * Coefficients of φ that give ln w_k N(z; m_k, C_k).
 *
 *   offset − ½ (z − m)ᵀ P (z − m) = Σ_(i<j) −P_ij z_i z_j − Σ_i ½ P_ii z_i² + (P m)·z + offset − ½ mᵀ P m
 *
 * Shapes: -> [K, F] row-major, float64.
 */
export const coefficients = (score: Scorer, { first, second, size }: FeaturePairs): Float64Array => {
  const { covariance, latents: d, means, weights } = score.components;
  const out = new Float64Array(weights.length * size);
  const factorSize = sizeOfFactor(score.components);
  for (let k = 0; k < weights.length; k++) {
    const precision = precisionOf(score.inverses.subarray(k * factorSize, (k + 1) * factorSize), covariance, d);
    const row = k * size;
    for (let p = 0; p < first.length; p++) {
      const [i, j] = [first[p]!, second[p]!];
      out[row + p] = i === j ? -0.5 * precision[i * d + i]! : -precision[i * d + j]!;
    }
    let constant = score.offsets[k]!;
    for (let i = 0; i < d; i++) {
      let value = 0;
      for (let j = 0; j < d; j++) value += precision[i * d + j]! * means[k * d + j]!;
      out[row + first.length + i] = value;
      constant -= 0.5 * value * means[k * d + i]!;
    }
    out[row + size - 1] = constant;
  }
  return out;
};

const precisionOf = (inverse: Float64Array, covariance: CovarianceKind, d: number): Float64Array => {
  if (covariance === 'full') return gramOfLower(inverse, d);
  const precision = new Float64Array(d * d);
  inverse.forEach((value, i) => {
    precision[i * (d + 1)] = value * value;
  });
  return precision;
};

/** Columns of points as φ is made of, cut into blocks. */
export interface PointBlock {
  /** [D + 1, B]; the last row is 1, and 0 at the columns that only fill up the last block. */
  readonly values: Float32Array;
  readonly start: number;
  readonly count: number;
}

/** Rows of z in blocks of B columns. Shapes: z [N, D] row-major. */
export const pointBlocks = (z: Float32Array, d: number, columns: number): PointBlock[] => {
  const n = z.length / d;
  const blocks: PointBlock[] = [];
  for (let start = 0; start < n; start += columns) {
    const count = Math.min(columns, n - start);
    const values = new Float32Array((d + 1) * columns);
    for (let b = 0; b < count; b++) {
      for (let i = 0; i < d; i++) values[i * columns + b] = z[(start + b) * d + i]!;
    }
    values.fill(1, d * columns, d * columns + count);
    blocks.push({ values, start, count });
  }
  return blocks;
};

/** Columns of a block: φ of some 4 MB, which stays near the processor, and no more than there are points. */
export const columnsOf = (points: number, features: number): number =>
  Math.min(points, Math.max(256, Math.min(2048, Math.floor(2 ** 20 / features))));
