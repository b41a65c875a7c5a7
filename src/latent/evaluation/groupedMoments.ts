import { Matrix } from 'ml-matrix';
import type { Features } from './features.js';
import { interleaved } from './jackknife.js';

/** Mean [W] and covariance [W, W], divided by n − 1. */
export interface FeatureMoments {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

interface Sums {
  readonly n: number;
  readonly sum: Float64Array;
  /** Σ x xᵀ, lower triangle. */
  readonly products: Float64Array;
}

/** Moments of all rows, and of all but one group; each from the sums of the groups, so that rows are read once. */
export interface GroupedMoments {
  readonly all: FeatureMoments;
  readonly without: (group: number) => FeatureMoments;
}

/** Float64 throughout, from rows centred on their mean: no digits are lost where features lie far from 0. */
export const groupedMoments = (features: Features, groups: number): GroupedMoments => {
  const { values, n, width } = features;
  const centre = new Float64Array(width);
  for (let i = 0; i < values.length; i++) centre[i % width]! += values[i]! / n;
  const parts = interleaved(features, groups).map((group) => sumsOf(group, centre));
  const total = parts.reduce((a, b) => combined(a, b, 1));
  return {
    all: momentsFrom(total, centre),
    without: (group) => momentsFrom(combined(total, parts[group]!, -1), centre),
  };
};

const sumsOf = ({ values, n, width }: Features, centre: Float64Array): Sums => {
  const sum = new Float64Array(width);
  const products = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < width; d++) {
      row[d] = values[i * width + d]! - centre[d]!;
      sum[d]! += row[d]!;
    }
    for (let d = 0; d < width; d++) {
      const value = row[d]!;
      // Of ReLU features many are 0 in a set, and then equal to the centre.
      if (value === 0) continue;
      for (let e = 0; e <= d; e++) products[d * width + e]! += value * row[e]!;
    }
  }
  return { n, sum, products };
};

const combined = (a: Sums, b: Sums, sign: 1 | -1): Sums => ({
  n: a.n + sign * b.n,
  sum: a.sum.map((value, d) => value + sign * b.sum[d]!),
  products: a.products.map((value, i) => value + sign * b.products[i]!),
});

const momentsFrom = ({ n, sum, products }: Sums, centre: Float64Array): FeatureMoments => {
  const width = sum.length;
  const covariance = new Matrix(width, width);
  for (let d = 0; d < width; d++) {
    for (let e = 0; e <= d; e++) {
      const value = (products[d * width + e]! - (sum[d]! * sum[e]!) / n) / (n - 1);
      covariance.set(d, e, value);
      covariance.set(e, d, value);
    }
  }
  return { mean: centre.map((value, d) => value + sum[d]! / n), covariance };
};
