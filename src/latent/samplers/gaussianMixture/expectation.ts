import {
  add,
  div,
  exp,
  input,
  log,
  matmul,
  maximum,
  slice,
  sub,
  sum,
  type Tensor,
} from '../../../engine/graph/index.js';
import { toModel } from '../../../engine/onnx/index.js';
import { simplify } from '../../../engine/passes/index.js';
import { float32, type Runtime, type Session } from '../../../engine/runtime/index.js';
import { VERSION } from '../../../vae/training/index.js';
import type { Components, Scorer } from './components.js';
import { coefficients, type FeaturePairs, featuresOf, type PointBlock } from './features.js';
import { forEachPoint, logSumExp } from './joint.js';

/** What an E-step finds: the likelihood of the components it was given, and the moments that an M-step needs. */
export interface Expectation {
  /** Mean ln q̂(z), nats per point. */
  readonly logLikelihood: number;
  /** Σ_n r_nk φ(z_n), [K, F]. */
  readonly moments: Float64Array;
}

/** The largest of each column, by halving: [K, B] -> [1, B]. */
const columnMaximum = (x: Tensor): Tensor => {
  const rows = x.shape[0]!;
  if (rows === 1) return x;
  const half = Math.ceil(rows / 2);
  return columnMaximum(maximum(slice(x, 0, 0, half), slice(x, 0, rows - half, rows)));
};

/**
 * One block of an E-step as a model: points [D + 1, B] and weights [K, F] -> evidence [1, B] and moments [K, F].
 *
 *   a = w φ,  evidence_n = ln Σ_k exp a_kn,  r_kn = exp(a_kn − evidence_n),  moments = r φᵀ
 */
const expectationModel = (
  kind: Components['covariance'],
  k: number,
  columns: number,
  pairs: FeaturePairs,
  d: number,
) => {
  const phi = featuresOf(input('points', [d + 1, columns]), kind);
  const joint = matmul(input('coefficients', [k, pairs.size]), phi);
  const largest = columnMaximum(joint);
  const shifted = exp(sub(joint, largest));
  const total = sum(shifted, 0, { keepDims: true });
  const responsibilities = div(shifted, total);
  const outputs = [add(largest, log(total)), matmul(responsibilities, phi, { transB: true })];
  const [evidence, moments] = simplify(outputs);
  return toModel({ evidence: evidence!, moments: moments! }, { version: VERSION });
};

/** E-steps on the runtime in float32, one block of points at a time; sums over blocks are float64. */
export interface ProductExpectation {
  run(score: Scorer, blocks: readonly PointBlock[]): Promise<Expectation>;
  release(): Promise<void>;
}

export const productExpectation = async (
  { covariance, latents, weights }: Components,
  columns: number,
  pairs: FeaturePairs,
  runtime: Runtime,
): Promise<ProductExpectation> => {
  const k = weights.length;
  const session: Session = await runtime.load(expectationModel(covariance, k, columns, pairs, latents));
  return {
    run: async (score, blocks) => {
      const fed = float32(Float32Array.from(coefficients(score, pairs)), [k, pairs.size]);
      const moments = new Float64Array(k * pairs.size);
      let evidence = 0;
      let points = 0;
      for (const { values, count } of blocks) {
        const out = await session.run({ points: float32(values, [latents + 1, columns]), coefficients: fed });
        const [found, sums] = [out.evidence!.data as Float32Array, out.moments!.data as Float32Array];
        for (let b = 0; b < count; b++) evidence += found[b]!;
        for (let i = 0; i < moments.length; i++) moments[i]! += sums[i]!;
        points += count;
      }
      return { logLikelihood: evidence / points, moments };
    },
    release: () => session.release(),
  };
};

/** The same in float64, point by point; the runtime serves to leave out components that cannot matter. */
export const directExpectation = async (
  score: Scorer,
  z: Float32Array,
  pairs: FeaturePairs,
  runtime?: Runtime,
): Promise<Expectation> => {
  const { latents: d, weights } = score.components;
  const moments = new Float64Array(weights.length * pairs.size);
  let evidence = 0;
  await forEachPoint(score, z, runtime, (joint, row) => {
    const total = logSumExp(joint);
    evidence += total;
    for (let k = 0; k < joint.length; k++) {
      const responsibility = Math.exp(joint[k]! - total);
      if (responsibility > 0) addMoments(moments, k, responsibility, z, row * d, pairs, d);
    }
  });
  return { logLikelihood: evidence / (z.length / d), moments };
};

/** moments_k += r φ(z). */
export const addMoments = (
  moments: Float64Array,
  k: number,
  responsibility: number,
  z: Float32Array,
  start: number,
  { first, second, size }: FeaturePairs,
  d: number,
): void => {
  const row = k * size;
  for (let p = 0; p < first.length; p++) {
    moments[row + p]! += responsibility * z[start + first[p]!]! * z[start + second[p]!]!;
  }
  for (let i = 0; i < d; i++) moments[row + first.length + i]! += responsibility * z[start + i]!;
  moments[row + size - 1]! += responsibility;
};
