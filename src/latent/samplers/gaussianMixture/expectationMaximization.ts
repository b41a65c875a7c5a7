import type { Runtime } from '../../../engine/runtime/index.js';
import { type Components, scorer } from './components.js';
import {
  addMoments,
  directExpectation,
  type Expectation,
  type ProductExpectation,
  productExpectation,
} from './expectation.js';
import { coefficients, columnsOf, type FeaturePairs, featurePairs, type PointBlock, pointBlocks } from './features.js';
import { maximize } from './maximization.js';
import { roundingOf, spreadOf } from './rounding.js';

/** Whitened points, as rows and as the blocks that the products read. */
export interface FitPoints {
  readonly rows: Float32Array;
  readonly blocks: readonly PointBlock[];
  /** Root mean square of each dimension, [D]. */
  readonly spread: Float64Array;
}

export interface EmOptions {
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly onIteration?: (iteration: number) => void | Promise<void>;
  /** Asked after each iteration: whether to end with what there is. */
  readonly ended?: () => boolean;
}

export interface EmResult {
  readonly components: Components;
  /** Mean ln q̂(z) of the components before each iteration, nats. */
  readonly trace: readonly number[];
  readonly iterations: number;
  readonly converged: boolean;
  /** Components with a variance that was raised to the floor in the last iteration. */
  readonly widened: number;
}

/** EM over whitened points of one kind and number of components: one model, many fits. */
export interface ExpectationMaximization {
  points(rows: Float32Array): FitPoints;
  /** Components of a hard clustering. */
  fromClusters(rows: Float32Array, clusters: Int32Array): Components;
  run(start: Components, points: FitPoints, options: EmOptions): Promise<EmResult>;
  release(): Promise<void>;
}

/** Rounding of the products, nats at a point, from which on iterations are done in float64. */
const ROUGH = 0.01;

export const expectationMaximization = async (
  kind: Pick<Components, 'covariance' | 'latents'>,
  k: number,
  n: number,
  runtime: Runtime,
): Promise<ExpectationMaximization> => {
  const { covariance, latents: d } = kind;
  const pairs = featurePairs(covariance, d);
  const columns = columnsOf(n, pairs.size);
  const blank = blankComponents(kind, k);
  const products: ProductExpectation = await productExpectation(blank, columns, pairs, runtime);
  const expectation = (components: Components, points: FitPoints): Promise<Expectation> => {
    const score = scorer(components);
    const rough = roundingOf(components.weights, coefficients(score, pairs), points.spread, pairs) > ROUGH;
    return rough ? directExpectation(score, points.rows, pairs, runtime) : products.run(score, points.blocks);
  };
  return {
    points: (rows) => ({ rows, blocks: pointBlocks(rows, d, columns), spread: spreadOf(rows, d) }),
    fromClusters: (rows, clusters) => maximize(clusterMoments(rows, clusters, k, pairs, d), blank, pairs).components,
    run: async (start, points, { maxIterations, tolerance, onIteration, ended }) => {
      let components = start;
      let widened = 0;
      let converged = false;
      const trace: number[] = [];
      while (trace.length < maxIterations && !converged) {
        const { logLikelihood, moments } = await expectation(components, points);
        converged = trace.length > 0 && logLikelihood - trace.at(-1)! < tolerance;
        trace.push(logLikelihood);
        ({ components, widened } = maximize(moments, components, pairs));
        await onIteration?.(trace.length);
        if (ended?.()) break;
      }
      return { components, trace, iterations: trace.length, converged, widened };
    },
    release: () => products.release(),
  };
};

/** k copies of N(0, I). */
const blankComponents = (kind: Pick<Components, 'covariance' | 'latents'>, k: number): Components => {
  const { covariance, latents: d } = kind;
  const full = covariance === 'full';
  return {
    covariance,
    latents: d,
    weights: new Float64Array(k).fill(1 / k),
    means: new Float64Array(k * d),
    factors: Float64Array.from({ length: k * (full ? d * d : d) }, (_, i) =>
      !full || (i % (d * d)) % (d + 1) === 0 ? 1 : 0,
    ),
  };
};

const clusterMoments = (
  rows: Float32Array,
  clusters: Int32Array,
  k: number,
  pairs: FeaturePairs,
  d: number,
): Float64Array => {
  const moments = new Float64Array(k * pairs.size);
  clusters.forEach((cluster, row) => {
    addMoments(moments, cluster, 1, rows, row * d, pairs, d);
  });
  return moments;
};
