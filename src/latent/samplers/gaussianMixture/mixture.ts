import { InputError, ShapeError } from '../../../engine/errors/index.js';
import type { KeyedStream } from '../../../engine/random/index.js';
import type { Runtime } from '../../../engine/runtime/index.js';
import type { Density } from '../../audit/codes.js';
import { type CovarianceKind, scorer, sizeOfFactor } from './components.js';
import { forEachPoint, logSumExp } from './joint.js';
import { drawFrom } from './sample.js';

/** A mixture as plain values: what JSON can hold, digit for digit. */
export interface GaussianMixtureValues {
  readonly kind: 'gaussianMixture';
  readonly covariance: CovarianceKind;
  readonly latents: number;
  /** [K], sum to 1. */
  readonly weights: readonly number[];
  /** [K, D], row-major. */
  readonly means: readonly number[];
  /** Full: lower Cholesky factors L_k of C_k = L_k L_kᵀ, [K, D, D]. Diagonal: standard deviations, [K, D]. */
  readonly factors: readonly number[];
  /** Iterations of EM that made it, and whether the last of them gained less than the tolerance. */
  readonly iterations: number;
  readonly converged: boolean;
  /** What was widened, where some covariance was singular. */
  readonly regularised?: string;
  /** How far the fit had come, where it was ended early. */
  readonly ended?: string;
}

/** q̂(z) = Σ_k w_k N(z; m_k, C_k): a density to draw from and to score with. */
export interface GaussianMixture extends Density {
  readonly covariance: CovarianceKind;
  readonly components: number;
  readonly latents: number;
  /** [K] */
  readonly weights: Float64Array;
  /** [K, D] */
  readonly means: Float64Array;
  /** As in `GaussianMixtureValues`. */
  readonly factors: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
  readonly regularised?: string;
  readonly ended?: string;
  /** Shapes: z [S, D] -> [S] nats, in float64. Throws: ShapeError for a part of a row. */
  logProb(z: Float32Array): Promise<Float64Array>;
  /** Shapes: -> [n, D]. The same stream gives the same draws. */
  sample(n: number, stream: KeyedStream): Float32Array;
  toJSON(): GaussianMixtureValues;
}

/**
 * The mixture of plain values, as `toJSON` gives them: the same numbers to the last digit.
 *
 *   ln q̂(z) = ln Σ_k w_k N(z; m_k, C_k)
 *
 * A runtime makes `logProb` of many points faster; its values are worked out in float64 either way, and agree to 1e-8.
 * Throws: InputError for values that are no mixture.
 */
export const gaussianMixture = (values: GaussianMixtureValues, runtime?: Runtime): GaussianMixture => {
  verifyValues(values);
  const { covariance, latents, iterations, converged, regularised, ended } = values;
  const [weights, means, factors] = [values.weights, values.means, values.factors].map((v) => Float64Array.from(v)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const components = { covariance, latents, weights, means, factors };
  const score = scorer(components);
  const k = weights.length;
  return {
    name: k === 1 ? `one ${covariance} Gaussian` : `mixture of ${k} ${covariance} Gaussians`,
    ...components,
    components: k,
    iterations,
    converged,
    ...(regularised === undefined ? {} : { regularised }),
    ...(ended === undefined ? {} : { ended }),
    logProb: async (z) => {
      if (z.length % latents !== 0) {
        throw new ShapeError(`logProb: z: expected rows of ${latents} values, got ${z.length} values`);
      }
      const out = new Float64Array(z.length / latents);
      await forEachPoint(score, z, runtime, (joint, row) => {
        out[row] = logSumExp(joint);
      });
      return out;
    },
    sample: (n, stream) => drawFrom(components, n, stream),
    toJSON: () => values,
  };
};

const verifyValues = ({ kind, covariance, latents, weights, means, factors }: GaussianMixtureValues): void => {
  const refuse = (what: string, expected: string, got: unknown): never => {
    throw new InputError(`gaussianMixture: ${what}: expected ${expected}, got ${String(got)}`);
  };
  if (kind !== 'gaussianMixture') refuse('kind', 'gaussianMixture', kind);
  if (covariance !== 'full' && covariance !== 'diagonal') refuse('covariance', 'full or diagonal', covariance);
  if (!Number.isInteger(latents) || latents < 1) refuse('latents', 'a whole number above 0', latents);
  const k = weights.length;
  if (k < 1) refuse('weights', 'at least one', k);
  const size = sizeOfFactor({ covariance, latents });
  if (means.length !== k * latents) refuse('means', `${k * latents} values`, means.length);
  if (factors.length !== k * size) refuse('factors', `${k * size} values`, factors.length);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(weights.every((weight) => weight > 0) && Math.abs(total - 1) < 1e-6)) {
    refuse('weights', 'numbers above 0 that sum to 1', `a sum of ${total}`);
  }
  const bad = [...means, ...factors].find((value) => !Number.isFinite(value));
  if (bad !== undefined) refuse('means and factors', 'finite numbers', bad);
  const stride = covariance === 'full' ? latents + 1 : 1;
  const deviation = factors.find((value, i) => (i % size) % stride === 0 && !(value > 0));
  if (deviation !== undefined) refuse('factors', 'a diagonal above 0', deviation);
};
