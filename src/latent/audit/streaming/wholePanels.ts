/** Panels of all codes, from counts in buckets. */
import { binOf, type Histogram } from '../../codes/index.js';
import type { Moments } from '../moments.js';
import { dimensionOrder, fineEdges, qqProbabilities, radiusEdges, rounded } from '../panels/index.js';
import type { DimensionPanel, Measured } from '../result.js';
import type { DimensionTest } from '../twoSample/index.js';
import { shapeOf } from './momentSums.js';
import { type Bucket, bucketsOf, quantilesOf } from './quantileSketch.js';
import type { TrainSums } from './summary.js';
import { wholeMuVariances } from './wholeMoments.js';

/** Counts of buckets on wider bins: a bucket counts where its middle lies. */
const rebinned = (buckets: readonly Bucket[], edges: readonly number[], of = (x: number): number => x): Histogram => {
  const counts = new Array<number>(edges.length - 1).fill(0);
  let [below, above] = [0, 0];
  for (const { low, high, count } of buckets) {
    const bin = binOf(edges, of(0.5 * (low + high)));
    if (bin < 0) below += count;
    else if (bin === counts.length) above += count;
    else counts[bin]! += count;
  }
  return { edges, counts, below, above };
};

/** ‖z‖ on the bins that `radiusHistogram` takes. */
export const wholeRadii = ({ radii }: TrainSums, latents: number): Histogram => {
  const buckets = bucketsOf(radii, 0);
  const root = (square: number): number => Math.sqrt(Math.max(0, square));
  const [least, most] = [root(buckets[0]!.low), root(buckets.at(-1)!.high)];
  return rebinned(buckets, radiusEdges(least, most, latents), root);
};

export interface WholeDimensions {
  readonly sums: TrainSums;
  readonly moments: Moments;
  readonly tests: readonly DimensionTest[];
  /** KL(q(z_d) ‖ N(0, 1)) of the sample, by dimension. */
  readonly kl: ReadonlyMap<number, Measured>;
}

/** As `dimensionPanels`, of all codes. */
export const wholeDimensions = ({ sums, moments, tests, kl }: WholeDimensions): DimensionPanel[] => {
  const { draws, quantiles, posteriors } = sums;
  const { n, latents } = moments;
  const rate = posteriors && Array.from(posteriors.rate.dimensions, (sum) => sum / n);
  const muVariance = posteriors && wholeMuVariances(posteriors.means);
  const shapes = shapeOf(draws);
  return dimensionOrder(latents, (d) => rate?.[d] ?? tests[d]!.value).map((d) => {
    const buckets = bucketsOf(quantiles, d);
    const range = [buckets[0]!.low, buckets.at(-1)!.high] as const;
    const [low, high] = quantilesOf(buckets, [0.001, 0.999], range) as [number, number];
    const dimensionKl = kl.get(d);
    return {
      dimension: d,
      ...(rate && { rate: rounded(rate[d]!) }),
      ...(dimensionKl && { kl: dimensionKl }),
      mean: rounded(moments.mean[d]!),
      variance: rounded(moments.covariance[d * (latents + 1)]!),
      skewness: rounded(shapes[d]!.skewness),
      excessKurtosis: rounded(shapes[d]!.excessKurtosis),
      ...(muVariance && { muVariance: rounded(muVariance[d]!.value) }),
      histogram: rebinned(buckets, fineEdges(Math.min(-4, low), Math.max(4, high))),
      qq: quantilesOf(buckets, qqProbabilities, range).map(rounded),
      ks: { value: rounded(tests[d]!.value), pValue: rounded(tests[d]!.adjusted) },
    };
  });
};
