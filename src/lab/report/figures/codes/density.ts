import type { Histogram } from '../../../studies/study.js';

export interface DensityPoint {
  readonly x: number;
  readonly value: number;
  /** The lowest and the highest of several runs. */
  readonly low: number;
  readonly high: number;
}

const totalOf = ({ counts, below, above }: Histogram): number =>
  counts.reduce((sum, count) => sum + count, below + above);

/** Neighbouring bins as one: fewer counts need wider bins. */
export const coarser = ({ edges, counts, below, above }: Histogram, by: number): Histogram => ({
  edges: edges.filter((_, i) => i % by === 0 || i === edges.length - 1),
  counts: Array.from({ length: Math.ceil(counts.length / by) }, (_, i) =>
    counts.slice(i * by, (i + 1) * by).reduce((sum, count) => sum + count, 0),
  ),
  below,
  above,
});

/** The density that a histogram estimates, as a step function; 0 outside its edges. */
export const densityAt = (histogram: Histogram): ((x: number) => number) => {
  const { edges, counts } = histogram;
  const total = totalOf(histogram);
  return (x) => {
    const bin = edges.findIndex((edge, i) => x >= edge && x < (edges[i + 1] ?? Number.NEGATIVE_INFINITY));
    return bin < 0 ? 0 : counts[bin]! / (total * (edges[bin + 1]! - edges[bin]!));
  };
};

/** Mean density of several histograms with their range, at the centres of the bins of all. */
export const meanDensity = (histograms: readonly Histogram[]): DensityPoint[] => {
  const centres = histograms.flatMap(({ edges }) =>
    edges.slice(0, -1).map((edge, i) => Number(((edge + edges[i + 1]!) / 2).toPrecision(9))),
  );
  const densities = histograms.map(densityAt);
  return [...new Set(centres)]
    .sort((a, b) => a - b)
    .map((x) => {
      const values = densities.map((density) => density(x));
      const value = values.reduce((sum, each) => sum + each, 0) / values.length;
      return { x, value, low: Math.min(...values), high: Math.max(...values) };
    });
};

/** Mean of what a histogram counts, each value taken for the centre of its bin; what lies outside is left out. */
export const histogramMean = ({ edges, counts }: Histogram): number => {
  const inside = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, i) => sum + (count * (edges[i]! + edges[i + 1]!)) / 2, 0) / inside;
};
