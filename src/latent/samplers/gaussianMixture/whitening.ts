import { type Components, type CovarianceKind, sizeOfFactor } from './components.js';
import { inverseOfLower, productOfLower } from './triangular.js';

/** No variance is taken below this share of the codes' own. */
export const VARIANCE_FLOOR = 1e-6;
/** A dimension whose variance is below this share of the mean variance is constant to float32. */
const CONSTANT = 1e-12;

/** Coordinates y = A⁻¹ (z − m) in which the codes have mean 0 and covariance I. */
export interface Whitening {
  /** Shapes: z [n, D] -> y [n, D]. */
  white(z: Float32Array): Float32Array;
  /** Components over y as components over z. */
  original(components: Components): Components;
  /** Components over z as components over y. */
  whitened(components: Components): Components;
  /** Dimensions without a variance of their own: constant, or a linear function of the dimensions before. */
  readonly collapsed: readonly number[];
}

/**
 * Whitens by mean and covariance of the codes: their lower Cholesky factor for full components, the standard deviations
 * for diagonal ones, whose axes may not turn. Sums of squares then are safe in float32.
 *
 * Where a dimension has no variance of its own (its pivot is under 1e-6 of its variance), its scale is its standard
 * deviation, or, where that is 0, that of the codes at large: the floor of the components' variances makes it thin.
 */
export const whitening = (z: Float32Array, d: number, covariance: CovarianceKind): Whitening => {
  const { mean, matrix } = momentsOf(z, d);
  const average = matrix.reduce((sum, value, i) => (i % (d + 1) === 0 ? sum + value / d : sum), 0) || 1;
  const lower = new Float64Array(d * d);
  const collapsed: number[] = [];
  for (let i = 0; i < d; i++) {
    const variance = matrix[i * (d + 1)]!;
    let pivot = variance;
    for (let j = 0; j < i && covariance === 'full'; j++) {
      let value = matrix[i * d + j]!;
      for (let c = 0; c < j; c++) value -= lower[i * d + c]! * lower[j * d + c]!;
      lower[i * d + j] = value / lower[j * d + j]!;
      pivot -= lower[i * d + j]! ** 2;
    }
    const constant = variance <= CONSTANT * average;
    if (constant || pivot < VARIANCE_FLOOR * variance) {
      collapsed.push(i);
      pivot = constant ? average : variance;
    }
    lower[i * (d + 1)] = Math.sqrt(pivot);
  }
  const inverse = inverseOfLower(lower, d);
  return {
    collapsed,
    white: (points) => {
      const out = new Float32Array(points.length);
      const centred = new Float64Array(d);
      for (let start = 0; start < points.length; start += d) {
        for (let i = 0; i < d; i++) {
          centred[i] = points[start + i]! - mean[i]!;
          let value = 0;
          for (let j = covariance === 'full' ? 0 : i; j <= i; j++) value += inverse[i * d + j]! * centred[j]!;
          out[start + i] = value;
        }
      }
      return out;
    },
    original: (components) => affineImage(components, lower, mean),
    whitened: (components) => affineImage(components, inverse, timesVector(inverse, mean, -1)),
  };
};

/** The components of A y + b, A lower triangular. */
const affineImage = (components: Components, lower: Float64Array, shift: Float64Array): Components => {
  const { covariance, latents: d, weights } = components;
  const means = new Float64Array(weights.length * d);
  const factors = new Float64Array(components.factors.length);
  const size = sizeOfFactor(components);
  for (let k = 0; k < weights.length; k++) {
    for (let i = 0; i < d; i++) {
      let value = shift[i]!;
      for (let j = 0; j <= i; j++) value += lower[i * d + j]! * components.means[k * d + j]!;
      means[k * d + i] = value;
    }
    const factor = components.factors.subarray(k * size, (k + 1) * size);
    factors.set(
      covariance === 'full' ? productOfLower(lower, factor, d) : factor.map((s, i) => s * lower[i * (d + 1)]!),
      k * size,
    );
  }
  return { ...components, means, factors };
};

/** s A v of a lower triangular A. Shapes: [D, D], [D] -> [D]. */
const timesVector = (lower: Float64Array, vector: Float64Array, scale: number): Float64Array =>
  vector.map((_, i) => {
    let value = 0;
    for (let j = 0; j <= i; j++) value += lower[i * vector.length + j]! * vector[j]!;
    return scale * value;
  });

/** Mean and covariance (1/N) of rows, centred first; the lower triangle. */
const momentsOf = (z: Float32Array, d: number): { readonly mean: Float64Array; readonly matrix: Float64Array } => {
  const n = z.length / d;
  const mean = new Float64Array(d);
  const matrix = new Float64Array(d * d);
  const centred = new Float64Array(d);
  for (let start = 0; start < z.length; start += d) for (let i = 0; i < d; i++) mean[i]! += z[start + i]! / n;
  for (let start = 0; start < z.length; start += d) {
    for (let i = 0; i < d; i++) {
      centred[i] = z[start + i]! - mean[i]!;
      const share = centred[i]! / n;
      for (let j = 0; j <= i; j++) matrix[i * d + j]! += share * centred[j]!;
    }
  }
  return { mean, matrix };
};
