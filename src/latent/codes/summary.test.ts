import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { G, klToStandardNormal } from '../theory/index.js';
import { type CodesSummary, type Histogram, summarizeCodes } from './index.js';

const normalDensity = (x: number, mean = 0, sd = 1): number =>
  Math.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));

/** Simpson's rule over a narrow bin. */
const share = (density: (x: number) => number, from: number, to: number): number =>
  ((density(from) + 4 * density((from + to) / 2) + density(to)) * (to - from)) / 6;

/** Counts within four standard errors of what a density says, where it expects enough to speak of one. */
const expectDensity = ({ edges, counts, below, above }: Histogram, n: number, density: (x: number) => number): void => {
  expect(counts.reduce((sum, count) => sum + count, below + above)).toBe(n);
  let spoken = 0;
  counts.forEach((count, i) => {
    const p = share(density, edges[i]!, edges[i + 1]!);
    if (n * p < 10) return;
    spoken += p;
    expect(Math.abs(count - n * p), `bin from ${edges[i]}`).toBeLessThanOrEqual(4 * Math.sqrt(n * p * (1 - p)));
  });
  expect(spoken).toBeGreaterThan(0.98);
};

const marginal = (summary: CodesSummary, dimension: number | 'all'): Histogram =>
  summary.marginals.find((one) => one.dimension === dimension)!.histogram;

describe('codes that are N(0, I) for every image', () => {
  const [n, latents] = [20_000, 4];
  const summary = summarizeCodes(new Float32Array(n * latents), new Float32Array(n * latents).fill(1), latents, 3);

  it('have rates of 0 and no active unit', () => {
    expect(summary).toMatchObject({ n, seed: 3, dimensionRate: [0, 0, 0, 0], muVariance: [0, 0, 0, 0] });
    expect(summary.zMean).toEqual([0, 0, 0, 0]);
    for (const variance of summary.zVariance) expect(variance).toBeCloseTo(1, 10);
    expect(summary.activeUnits).toEqual([0.001, 0.01, 0.1].map((threshold) => ({ threshold, count: 0 })));
  });

  it('have marginals of N(0, 1), on edges that all share', () => {
    expectDensity(marginal(summary, 'all'), n * latents, normalDensity);
    expectDensity(marginal(summary, 2), n, normalDensity);
    const edges = summary.marginals.map(({ histogram }) => histogram.edges);
    for (const each of edges) expect(each).toEqual(edges[0]);
    expect([edges[0]![0], edges[0]!.at(-1), edges[0]!.length]).toEqual([-5, 5, 101]);
  });

  it('have radii of chi with as many degrees of freedom as latents', () => {
    // chi_4: r³ e^(−r²/2) / 2
    expectDensity(summary.radius, n, (r) => (r ** 3 * Math.exp(-(r ** 2) / 2)) / 2);
    expect([summary.radius.edges[0], summary.radius.edges.at(-1)! >= 8]).toEqual([0, true]);
  });
});

describe('codes in two places', () => {
  const n = 20_000;
  // Dimension 1 of three: N(±2, 0.5²) by turns; the others N(0, 1).
  const mu = Float32Array.from({ length: 3 * n }, (_, i) => (i % 3 === 1 ? (i % 2 === 0 ? 2 : -2) : 0));
  const sigma = Float32Array.from({ length: 3 * n }, (_, i) => (i % 3 === 1 ? 0.5 : 1));
  const summary = summarizeCodes(mu, sigma, 3, 1);

  it('have the rate and the variances of the mixture', () => {
    expect(summary.dimensionRate[1]).toBeCloseTo(2 + G.value(0.5), 10);
    expect(summary.muVariance[1]).toBeCloseTo(4, 10);
    expect(summary.zMean[1]).toBeCloseTo(0, 10);
    expect(summary.zVariance[1]).toBeCloseTo(4.25, 10);
    expect(summary.activeUnits.map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  it('have its marginal, first of those of one dimension', () => {
    expect(summary.marginals.map(({ dimension }) => dimension)).toEqual(['all', 1, 0, 2]);
    const mixture = (x: number) => 0.5 * (normalDensity(x, 2, 0.5) + normalDensity(x, -2, 0.5));
    expectDensity(marginal(summary, 1), n, mixture);
  });
});

describe('codes of an encoder', () => {
  const [n, latents] = [500, 12];
  const stream = keyedStream(1, 'test/codes', 0);
  // Dimension d moves by d / 10 around d, and is the narrower for it.
  const mu = Float32Array.from(
    { length: n * latents },
    (_, i) => (i % latents) + ((i % latents) / 10) * stream.normal(),
  );
  const sigma = Float32Array.from({ length: n * latents }, (_, i) =>
    Math.exp(-0.2 * (i % latents) + 0.1 * stream.normal()),
  );
  const summary = summarizeCodes(mu, sigma, latents, 1);

  it('have dimension rates that sum to the rate', () => {
    let rate = 0;
    for (let i = 0; i < n; i++) {
      const row = (values: Float32Array) => values.subarray(i * latents, (i + 1) * latents);
      rate += klToStandardNormal(row(mu), row(sigma)) / n;
    }
    expect(summary.dimensionRate.reduce((sum, value) => sum + value, 0)).toBeCloseTo(rate, 8);
  });

  it('obey the law of total variance, as their draws do', () => {
    for (let d = 0; d < latents; d++) {
      const column = (values: Float32Array) => Array.from({ length: n }, (_, i) => values[i * latents + d]!);
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / n;
      const between = mean(column(mu).map((m) => m * m)) - mean(column(mu)) ** 2;
      expect(summary.zMean[d]).toBeCloseTo(mean(column(mu)), 8);
      expect(summary.muVariance[d]).toBeCloseTo(between, 6);
      expect(summary.zVariance[d]).toBeCloseTo(between + mean(column(sigma).map((s) => s * s)), 6);
    }
  });

  it('show the eight dimensions of highest rate, in its order', () => {
    const shown = summary.marginals.slice(1).map(({ dimension }) => dimension);
    expect(shown).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
  });

  it('have every radius within its edges, however far', () => {
    const far = summarizeCodes(
      mu.map((m) => 1000 * m),
      sigma,
      latents,
      1,
    );
    for (const { radius } of [summary, far]) {
      expect([radius.below, radius.above]).toEqual([0, 0]);
      expect(radius.counts.length).toBeLessThanOrEqual(200);
      expect(radius.counts.reduce((sum, count) => sum + count)).toBe(n);
    }
  });

  it('count units above each threshold', () => {
    // Standard deviations of mu: 0, 0.1, … 1.1, so variances 0, 0.01, 0.04, 0.09, 0.16, …
    expect(summary.activeUnits).toEqual(
      [0.001, 0.01, 0.1].map((threshold) => ({
        threshold,
        count: summary.muVariance.filter((v) => v > threshold).length,
      })),
    );
    expect(summary.activeUnits[0]!.count).toBe(11);
  });

  it('are the same from the same seed, and make JSON without loss', () => {
    expect(summarizeCodes(mu, sigma, latents, 1)).toEqual(summary);
    expect(summarizeCodes(mu, sigma, latents, 2).radius).not.toEqual(summary.radius);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});

it('refuses arrays that do not hold the same whole rows', () => {
  const text = (a: number, b: number) => `summarizeCodes: expected rows of 4 values twice, got ${a} and ${b} values`;
  const codes = (a: number, b: number) => () => summarizeCodes(new Float32Array(a), new Float32Array(b), 4, 1);
  expect(codes(8, 4)).toThrow(new ShapeError(text(8, 4)));
  expect(codes(6, 6)).toThrow(new ShapeError(text(6, 6)));
  expect(codes(0, 0)).toThrow(new ShapeError(text(0, 0)));
});
