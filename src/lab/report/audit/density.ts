import type { Histogram } from '../../../latent/codes/index.js';

export const totalOf = ({ counts, below, above }: Histogram): number =>
  counts.reduce((sum, count) => sum + count, below + above);

/** A bin of a histogram as a piece of density. */
export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly density: number;
  readonly count: number;
}

export const binsOf = (histogram: Histogram): Bin[] => {
  const total = Math.max(1, totalOf(histogram));
  return histogram.counts.map((count, i) => {
    const [low, high] = [histogram.edges[i]!, histogram.edges[i + 1]!];
    return { low, high, count, density: count / (total * (high - low)) };
  });
};

/** Bins joined by twos, threes, … until none is narrower than `width`: fewer codes need wider bins. */
export const coarser = (bins: readonly Bin[], width: number): Bin[] => {
  const first = bins[0];
  if (!first) return [];
  const by = Math.max(1, Math.ceil(width / (first.high - first.low) - 1e-9));
  return Array.from({ length: Math.ceil(bins.length / by) }, (_, i) => {
    const joined = bins.slice(i * by, (i + 1) * by);
    const [low, high] = [joined[0]!.low, joined.at(-1)!.high];
    const mass = joined.reduce((sum, bin) => sum + bin.density * (bin.high - bin.low), 0);
    return { low, high, count: joined.reduce((sum, { count }) => sum + count, 0), density: mass / (high - low) };
  });
};

/** Corners of the step function. */
export const stepsOf = (bins: readonly Bin[]): [number, number][] =>
  bins.flatMap(({ low, high, density }): [number, number][] => [
    [low, density],
    [high, density],
  ]);

/** φ(x), the density of N(0, 1). */
export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
