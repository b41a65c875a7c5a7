import { InputError, ShapeError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import type { Runtime } from '../../../engine/runtime/index.js';
import type { Draws } from '../../audit/codes.js';
import type { Components, CovarianceKind } from './components.js';
import { type EmResult, type ExpectationMaximization, expectationMaximization } from './expectationMaximization.js';
import { kMeans } from './kMeans.js';
import { type GaussianMixture, gaussianMixture } from './mixture.js';
import { VARIANCE_FLOOR, type Whitening, whitening } from './whitening.js';

export interface FitOptions {
  /** 1 … 200. */
  readonly components: number;
  readonly covariance: CovarianceKind;
  /** Fits from different seeds of k-means++, of which the likeliest is carried on. */
  readonly starts: number;
  readonly seed: number;
  readonly runtime: Runtime;
  /** Iterations of EM on all points; each start takes as many at most. 100 unless told. */
  readonly maxIterations?: number;
  /** EM has converged when an iteration gains less than this, in nats per point. 1e-3 unless told. */
  readonly tolerance?: number;
  /** Points that the starts are fitted on, drawn by seed; the rest join for the likeliest. 10,000 or 12 K D unless told. */
  readonly startPoints?: number;
  /** The starts are compared on these; on all points unless told. */
  readonly heldOut?: Draws;
  /** When to end with what there is: the start under way is the last, and all points get one iteration more. */
  readonly deadline?: { readonly now: () => number; readonly at: number };
  /** Share of the work done, 0 … 1, after each iteration. What it throws ends the fit and reaches the caller. */
  readonly onProgress?: (share: number) => void | Promise<void>;
}

const MAX_COMPONENTS = 200;
/** All points weigh as much in the progress as this many starts. */
const FULL_SHARE = 3;

/**
 * The mixture of Gaussians of highest likelihood that EM finds from several starts.
 *
 * Codes are whitened; each start is k-means++ and EM on a part of the codes; the likeliest start is carried on by EM on
 * all of them. Products run on the runtime in float32, everything of size K D² in float64; where a component becomes too
 * thin for float32, whole iterations are in float64. No variance goes below 1e-6 of the codes' own: codes that are
 * constant, repeated or linearly dependent give a proper density, and `regularised` says what was raised.
 *
 * The same codes, options, runtime and threads give the same bits, unless the deadline ends it: `converged` is then false.
 * To interrupt a fit, throw from `onProgress`: the
 * error reaches the caller, and sessions are released.
 *
 * Shapes: z [N, D]. Domain: finite z, N >= K.
 * Throws: InputError for fewer codes than components, values that are not finite, or options out of range; ShapeError
 * where z does not hold N rows.
 * Source: Dempster, Laird & Rubin 1977 (EM); Arthur & Vassilvitskii 2007 (k-means++).
 */
export const fitGaussianMixture = async (codes: Draws, options: FitOptions): Promise<GaussianMixture> => {
  verifyFit(codes, options);
  const { components: k, covariance, starts, seed, runtime, maxIterations = 100, tolerance = 1e-3 } = options;
  const ended = endedBy(options);
  const { n, latents: d } = codes;
  const space = whitening(codes.z, d, covariance);
  const white = space.white(codes.z);
  const partSize = Math.min(n, Math.max(options.startPoints ?? Math.max(10_000, 12 * k * d), k));
  const em = await expectationMaximization({ covariance, latents: d }, k, partSize, runtime);
  const tell = progress(starts, maxIterations, options.onProgress);
  const all = em.points(white);
  const part =
    partSize === n
      ? all
      : em.points(rowsAt(white, d, keyedStream(seed, 'gaussianMixture/part', 0).permutation(n).subarray(0, partSize)));
  try {
    const candidates: EmResult[] = [];
    for (let start = 0; start < starts && !(start > 0 && ended()); start++) {
      const clusters = kMeans(part.rows, d, k, keyedStream(seed, 'gaussianMixture/start', start));
      const onIteration = tell(start, 1);
      const settings = { maxIterations, tolerance, onIteration, ended };
      candidates.push(await em.run(em.fromClusters(part.rows, clusters), part, settings));
    }
    const best = await likeliest(candidates, em, all, space, options);
    const onIteration = tell(starts, FULL_SHARE);
    const fitted = await em.run(best, all, { maxIterations, tolerance, onIteration, ended });
    await options.onProgress?.(1);
    return mixtureOf(fitted, space, k, runtime);
  } finally {
    await em.release();
  }
};

/** Whether the deadline has passed. */
export const endedBy =
  ({ deadline }: Pick<FitOptions, 'deadline'>) =>
  (): boolean =>
    deadline !== undefined && deadline.now() >= deadline.at;

const rowsAt = (z: Float32Array, d: number, rows: Uint32Array): Float32Array => {
  const out = new Float32Array(rows.length * d);
  rows.forEach((row, i) => {
    out.set(z.subarray(row * d, (row + 1) * d), i * d);
  });
  return out;
};

/** Iterations as a share of all the work: done parts before, `weight` parts under way. */
const progress =
  (starts: number, maxIterations: number, onProgress: FitOptions['onProgress']) =>
  (done: number, weight: number) =>
  async (iteration: number): Promise<void> => {
    await onProgress?.((done + (weight * iteration) / (maxIterations + 1)) / (starts + FULL_SHARE));
  };

const likeliest = async (
  candidates: readonly EmResult[],
  em: ExpectationMaximization,
  all: ReturnType<ExpectationMaximization['points']>,
  space: Whitening,
  { heldOut, runtime }: FitOptions,
): Promise<Components> => {
  if (candidates.length === 1) return candidates[0]!.components;
  const scores: number[] = [];
  for (const { components } of candidates) {
    if (heldOut) {
      const scored = mixtureOf(
        { components, trace: [], iterations: 0, converged: false, widened: 0 },
        space,
        components.weights.length,
        runtime,
      );
      scores.push(average(await scored.logProb(heldOut.z)));
    } else scores.push((await em.run(components, all, { maxIterations: 1, tolerance: 0 })).trace[0]!);
  }
  return candidates[scores.indexOf(Math.max(...scores))]!.components;
};

const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const mixtureOf = (fit: EmResult, space: Whitening, k: number, runtime: Runtime): GaussianMixture => {
  const { covariance, latents, weights, means, factors } = space.original(fit.components);
  const reasons = [
    ...(space.collapsed.length > 0
      ? [`${listed(space.collapsed)} without a variance of ${space.collapsed.length === 1 ? 'its' : 'their'} own`]
      : []),
    ...(fit.widened > 0 ? [`${fit.widened} of ${k} components too thin`] : []),
  ];
  return gaussianMixture(
    {
      kind: 'gaussianMixture',
      covariance,
      latents,
      weights: [...weights],
      means: [...means],
      factors: [...factors],
      iterations: fit.iterations,
      converged: fit.converged,
      ...(reasons.length > 0 && {
        regularised: `${reasons.join('; ')}: variances raised to ${VARIANCE_FLOOR} of the codes' own`,
      }),
    },
    runtime,
  );
};

const listed = (dimensions: readonly number[]): string => {
  const shown = dimensions.slice(0, 5).join(', ');
  return `dimension${dimensions.length === 1 ? '' : 's'} ${shown}${dimensions.length > 5 ? ', …' : ''}`;
};

const verifyFit = ({ z, n, latents }: Draws, options: FitOptions): void => {
  const whole = (name: 'components' | 'starts' | 'maxIterations' | 'startPoints', most: number): void => {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return;
    const range = most === Number.POSITIVE_INFINITY ? 'from 1 up' : `in 1 … ${most}`;
    throw new InputError(`fitGaussianMixture: ${name}: expected a whole number ${range}, got ${value}`);
  };
  whole('components', MAX_COMPONENTS);
  whole('starts', Number.POSITIVE_INFINITY);
  whole('maxIterations', Number.POSITIVE_INFINITY);
  whole('startPoints', Number.POSITIVE_INFINITY);
  if (z.length !== n * latents || latents < 1) {
    throw new ShapeError(`fitGaussianMixture: z: expected ${n} rows of ${latents} values, got ${z.length} values`);
  }
  if (n < options.components) {
    throw new InputError(
      `fitGaussianMixture: expected at least as many codes as components (${options.components}), got ${n} codes`,
    );
  }
  const other = options.heldOut?.latents;
  if (other !== undefined && other !== latents) {
    throw new InputError(`fitGaussianMixture: heldOut: expected codes of ${latents} dimensions, got ${other}`);
  }
  const bad = z.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new InputError(
      `fitGaussianMixture: z: row ${Math.floor(bad / latents)}, column ${bad % latents}: expected a finite number, got ${z[bad]}`,
    );
  }
};
