import { input, matmul } from '../../../engine/graph/index.js';
import { toModel } from '../../../engine/onnx/index.js';
import { simplify } from '../../../engine/passes/index.js';
import { float32, type Runtime } from '../../../engine/runtime/index.js';
import { VERSION } from '../../../vae/training/index.js';
import { type Components, logJoint, type Scorer, scorer, sizeOfFactor } from './components.js';
import { coefficients, columnsOf, featurePairs, featuresOf, pointBlocks } from './features.js';

/** Components this many nats below the likeliest one add less than 1e-8 nats, all 200 together. */
const NEGLIGIBLE = 24;
/** Points × components × D² below which building a model takes longer than the sums themselves. */
const SMALL = 2e6;

/**
 * Shows ln w_k N(z; m_k, C_k) of all components, point after point, in float64. `joint` [K] is overwritten each time.
 *
 * On many points a float32 product first finds which components can matter at each point, by its value and a bound on
 * its rounding; those alone are worked out, and the others are −∞. The screening never decides a value.
 *
 * Shapes: z [S, D] row-major.
 */
export const forEachPoint = async (
  score: Scorer,
  z: Float32Array,
  runtime: Runtime | undefined,
  visit: (joint: Float64Array, row: number) => void,
): Promise<void> => {
  const { covariance, latents: d, weights } = score.components;
  const n = z.length / d;
  const k = weights.length;
  const joint = new Float64Array(k);
  const centred = new Float64Array(d);
  if (!runtime || k < 4 || n * k * d * d < SMALL) {
    for (let row = 0; row < n; row++) {
      for (let c = 0; c < k; c++) joint[c] = logJoint(score, c, z, row * d, centred);
      visit(joint, row);
    }
    return;
  }
  const screen = screening(score);
  const columns = columnsOf(n, screen.pairs.size);
  const phi = featuresOf(input('points', [d + 1, columns]), covariance);
  const [product] = simplify([matmul(input('coefficients', [k, screen.pairs.size]), phi)]);
  const session = await runtime.load(toModel({ product: product! }, { version: VERSION }));
  try {
    const fed = float32(screen.coefficients, [k, screen.pairs.size]);
    for (const { values, start, count } of pointBlocks(screen.standardised(z), d, columns)) {
      const result = await session.run({ points: float32(values, [d + 1, columns]), coefficients: fed });
      const found = result.product!.data as Float32Array;
      for (let b = 0; b < count; b++) {
        let norm = 0;
        for (let i = 0; i < d; i++) norm += values[i * columns + b]! ** 2;
        const cut = screen.lowest(found, b, columns, norm) - NEGLIGIBLE;
        for (let c = 0; c < k; c++) {
          const hopeless = found[c * columns + b]! + screen.error(c, norm) < cut;
          joint[c] = hopeless ? Number.NEGATIVE_INFINITY : logJoint(score, c, z, (start + b) * d, centred);
        }
        visit(joint, start + b);
      }
    }
  } finally {
    await session.release();
  }
};

/** ln Σ_k exp of the values, shifted so that it does not overflow. */
export const logSumExp = (values: Float64Array): number => {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  if (!Number.isFinite(largest)) return largest;
  let total = 0;
  for (let i = 0; i < values.length; i++) total += Math.exp(values[i]! - largest);
  return largest + Math.log(total);
};

/** The float32 side of a mixture: coordinates of mean 0 and variance 1, coefficients, and bounds on their rounding. */
const screening = (score: Scorer) => {
  const { components } = score;
  const { covariance, latents: d, weights, means, factors } = components;
  const { mean, deviation } = overallMoments(components);
  const size = sizeOfFactor(components);
  const pairs = featurePairs(covariance, d);
  const scaled = scorer({
    ...components,
    means: means.map((value, i) => (value - mean[i % d]!) / deviation[i % d]!),
    factors: factors.map((value, i) => {
      const row = covariance === 'full' ? Math.floor((i % size) / d) : i % size;
      return value / deviation[row]!;
    }),
  });
  const values = coefficients(scaled, pairs);
  // Rounding of a sum of F products of float32, each of two rounded factors: of its size, not of its result.
  const rounding = 2 ** -24 * (8 + 2 * Math.sqrt(pairs.size));
  const bounds = new Float64Array(3 * weights.length);
  for (let c = 0; c < weights.length; c++) {
    const row = values.subarray(c * pairs.size, (c + 1) * pairs.size);
    bounds[3 * c] = rounding * normOf(row.subarray(0, pairs.first.length));
    bounds[3 * c + 1] = rounding * normOf(row.subarray(pairs.first.length, pairs.size - 1));
    bounds[3 * c + 2] = rounding * Math.abs(row[pairs.size - 1]!);
  }
  /** By Cauchy and Schwarz: |pairs| |z|² + |linear| |z| + |constant|. */
  const error = (c: number, norm: number): number =>
    bounds[3 * c]! * norm + bounds[3 * c + 1]! * Math.sqrt(norm) + bounds[3 * c + 2]!;
  return {
    pairs,
    coefficients: Float32Array.from(values),
    standardised: (z: Float32Array): Float32Array => z.map((value, i) => (value - mean[i % d]!) / deviation[i % d]!),
    error,
    /** What the likeliest component at column b has at least. */
    lowest: (found: Float32Array, b: number, columns: number, norm: number): number => {
      let lowest = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < weights.length; c++) lowest = Math.max(lowest, found[c * columns + b]! - error(c, norm));
      return lowest;
    },
  };
};

const normOf = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** Mean and standard deviation of each dimension under the mixture. */
const overallMoments = ({ covariance, latents: d, weights, means, factors }: Components) => {
  const mean = new Float64Array(d);
  const square = new Float64Array(d);
  weights.forEach((weight, k) => {
    for (let i = 0; i < d; i++) mean[i]! += weight * means[k * d + i]!;
  });
  weights.forEach((weight, k) => {
    for (let i = 0; i < d; i++) {
      let variance = (means[k * d + i]! - mean[i]!) ** 2;
      if (covariance === 'diagonal') variance += factors[k * d + i]! ** 2;
      else for (let j = 0; j <= i; j++) variance += factors[(k * d + i) * d + j]! ** 2;
      square[i]! += weight * variance;
    }
  });
  return { mean, deviation: square.map(Math.sqrt) };
};
