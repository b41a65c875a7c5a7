import { histogram } from '../../codes/index.js';
import { F, G } from '../../theory/index.js';
import { muVariances } from '../activeUnits.js';
import type { Codes, Draws } from '../codes.js';
import type { Moments } from '../moments.js';
import { quantileOf } from '../noiseFloor/index.js';
import type { DimensionPanel, Measured } from '../result.js';
import { type DimensionTest, normalCdf } from '../twoSample/index.js';
import { fineEdges, innerRange } from './edges.js';
import { rounded } from './rounded.js';

/** Dimensions that have a panel. */
const SHOWN = 64;
/** Where the QQ plots have their points: even on the axis of N(0, 1). */
export const qqProbabilities: readonly number[] = Array.from({ length: 25 }, (_, i) => normalCdf(-3 + i / 4));

/** mean_i F(mu_id) + G(sigma_id), nats. [D] */
const rates = (codes: Codes): number[] | undefined => {
  if (!('mu' in codes)) return undefined;
  const { mu, sigma, n, latents } = codes;
  const sums = new Array<number>(latents).fill(0);
  for (let i = 0; i < mu.length; i++) sums[i % latents]! += (F.value(mu[i]!) + G.value(sigma[i]!)) / n;
  return sums;
};

export interface DimensionInput {
  readonly codes: Codes;
  readonly draws: Draws;
  readonly moments: Moments;
  readonly tests: readonly DimensionTest[];
  /** KL(q(z_d) ‖ N(0, 1)), where posteriors are known. */
  readonly kl?: readonly Measured[];
}

/** The dimensions that have a panel, the largest first. */
export const dimensionOrder = (latents: number, size: (dimension: number) => number): number[] =>
  Array.from({ length: latents }, (_, d) => d)
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, SHOWN);

/** One panel a dimension: by rate where posteriors are known, by Kolmogorov–Smirnov distance else, the largest first. */
export const dimensionPanels = ({ codes, draws, moments, tests, kl }: DimensionInput): DimensionPanel[] => {
  const { latents } = codes;
  const rate = rates(codes);
  const muVariance = 'mu' in codes ? muVariances(codes) : undefined;
  const size = (d: number): number => rate?.[d] ?? tests[d]!.value;
  const column = new Float32Array(draws.n);
  return dimensionOrder(latents, size).map((d) => {
    for (let i = 0; i < draws.n; i++) column[i] = draws.z[i * latents + d]!;
    const [low, high] = innerRange(column, 0.001);
    const sorted = column.slice().sort();
    const dimensionKl = kl?.[d];
    return {
      dimension: d,
      ...(rate && { rate: rounded(rate[d]!) }),
      ...(dimensionKl && { kl: dimensionKl }),
      mean: rounded(moments.mean[d]!),
      variance: rounded(moments.covariance[d * (latents + 1)]!),
      ...(muVariance && { muVariance: rounded(muVariance[d]!.value) }),
      histogram: histogram(column, fineEdges(Math.min(-4, low), Math.max(4, high))),
      qq: qqProbabilities.map((p) => rounded(quantileOf(sorted, p))),
      ks: { value: rounded(tests[d]!.value), pValue: rounded(tests[d]!.adjusted) },
    };
  });
};

/** Correlation of z between the dimensions given; a dimension without width has none with any other. */
export const correlationOf = ({ covariance, latents }: Moments, dimensions: readonly number[]): number[][] =>
  dimensions.map((a) =>
    dimensions.map((b) => {
      if (a === b) return 1;
      const scale = Math.sqrt(covariance[a * (latents + 1)]! * covariance[b * (latents + 1)]!);
      return scale === 0 ? 0 : rounded(covariance[a * latents + b]! / scale);
    }),
  );
