import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { keyedStream } from '../../../engine/random/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { type CovarianceKind, scorer } from './components.js';
import { directExpectation, productExpectation } from './expectation.js';
import { expectationMaximization } from './expectationMaximization.js';
import { featurePairs, pointBlocks } from './features.js';
import { kMeans } from './kMeans.js';
import { whitening } from './whitening.js';

const runtime = nodeRuntime();

/** Codes on a bent sheet: no mixture of a few Gaussians fits them exactly. */
const bent = (n: number, d: number): Float32Array => {
  const z = new Float32Array(n * d);
  keyedStream(1, 'test/bent', 0).fillNormal(z);
  for (let row = 0; row < n; row++) for (let i = 1; i < d; i++) z[row * d + i]! += Math.sin(2 * z[row * d]! + i);
  return z;
};

const kinds: [CovarianceKind, number][] = [
  ['full', 1],
  ['full', 2],
  ['full', 5],
  ['full', 6],
  ['diagonal', 5],
];

describe.each(kinds)('EM, %s, %i dimensions', (covariance, d) => {
  const z = bent(3001, d);
  const white = whitening(z, d, covariance).white(z);
  const k = 7;
  const clusters = kMeans(white, d, k, keyedStream(1, 'test/start', 0));

  it('never loses likelihood', async () => {
    const em = await expectationMaximization({ covariance, latents: d }, k, 3001, runtime);
    const { trace } = await em.run(em.fromClusters(white, clusters), em.points(white), {
      maxIterations: 40,
      tolerance: Number.NEGATIVE_INFINITY,
    });
    await em.release();
    expect(trace).toHaveLength(40);
    expect(trace.at(-1)! - trace[0]!).toBeGreaterThan(0.01);
    // Rounding of the products is all that may be lost.
    trace.forEach((value, i) => {
      if (i > 0) expect(value - trace[i - 1]!).toBeGreaterThan(-2e-6);
    });
  });

  it('has the same E-step in float32 products as in float64', async () => {
    const em = await expectationMaximization({ covariance, latents: d }, k, 3001, runtime);
    const components = em.fromClusters(white, clusters);
    await em.release();
    const pairs = featurePairs(covariance, d);
    const products = await productExpectation(components, 256, pairs, runtime);
    const found = await products.run(scorer(components), pointBlocks(white, d, 256));
    await products.release();
    const exact = await directExpectation(scorer(components), white, pairs);
    expect(found.logLikelihood).toBeCloseTo(exact.logLikelihood, 5);
    expectClose(found.moments, exact.moments, { relative: 1e-4, absolute: 3e-3 });
  });
});

it('the shifts hold every pair of dimensions once', () => {
  for (let d = 1; d <= 9; d++) {
    const { first, second, size } = featurePairs('full', d);
    const pairs = Array.from(first, (i, p) => [i, second[p]!].sort((a, b) => a - b).join());
    expect(new Set(pairs).size).toBe((d * (d + 1)) / 2);
    expect(size).toBe((d * (d + 1)) / 2 + d + 1);
  }
});

describe('kMeans', () => {
  it('finds clusters that lie apart', () => {
    const z = Float32Array.from({ length: 300 }, (_, i) => 10 * (i % 3) + 0.01 * Math.sin(i));
    const clusters = kMeans(z, 1, 3, keyedStream(1, 'test/clusters', 0));
    expect(new Set(clusters.slice(0, 3)).size).toBe(3);
    expect(clusters.every((c, i) => c === clusters[i % 3])).toBe(true);
  });

  it('serves more clusters than distinct points', () => {
    const clusters = kMeans(new Float32Array(20).fill(1), 2, 5, keyedStream(1, 'test/clusters', 0));
    expect(clusters.every((c) => c === 0)).toBe(true);
  });
});
