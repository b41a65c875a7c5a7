import { addGaussian, type Grid, interpolate } from './grid.js';

/** Gaussians of one variable, in the order of their means. */
export interface SortedGaussians {
  readonly mu: Float64Array;
  readonly sigma: Float64Array;
}

/** How far from its mean a Gaussian is added, in σ. */
export const REACH = 9;
/** Standard deviations of one sum: from s up to WIDEST · s. */
export const WIDEST = Math.SQRT2;
/** Points of a grid within s. */
const POINTS = 20;
/** Of the polynomial on either side, and one for the rounding of means to points. */
const MARGIN = 5;
/** Gaussians that meet at a point, on average: below it they are added one by one. */
const CROWD = 32;

/** Neighbours within reach of each other, and nobody else's within theirs. */
interface Segment {
  readonly low: number;
  readonly high: number;
  /** Absent where few Gaussians meet at a point. */
  readonly grid?: Grid;
}

/**
 * x -> Σ_i exp(−½t_i²)/σ_i, t_i = (x − μ_i)/σ_i, of Gaussians whose σ lie in [s, √2 s].
 *
 * From a grid of step s/20 by polynomials of degree 5 where many meet, one by one elsewhere; nothing beyond 9σ. A
 * Gaussian with |t| up to 8.85 is met within 10⁻⁴ of its value: with h = s/20, the remainder of the polynomial is
 * |Π_j (x − x_j)|/6! ≤ 0.0049 h⁶ times the sixth derivative He₆(t)/σ⁶ of the Gaussian, at most 3.5·10⁵/σ⁶ within 3h of
 * x, where the Gaussian itself is at most 3.8 times as high as at x. One beyond is met within exp(−½ 8.7²)·2/σ: see
 * `NEGLECTED`.
 */
export const gaussianSum = ({ mu, sigma }: SortedGaussians, s: number): ((x: number) => number) => {
  const step = s / POINTS;
  const far = REACH * WIDEST * s;
  const segments: Segment[] = [];
  for (let first = 0; first < mu.length; ) {
    let last = first + 1;
    while (last < mu.length && mu[last]! - mu[last - 1]! <= 2 * far) last++;
    const [low, high] = [mu[first]! - far, mu[last - 1]! + far];
    const crowded = (last - first) * 2 * far > CROWD * (high - low);
    segments.push({ low, high, ...(crowded ? { grid: gridOf(low, high, step, mu, sigma, first, last) } : {}) });
    first = last;
  }
  return (x) => {
    const segment = segments[firstIndex(segments.length, (k) => segments[k]!.high >= x)];
    if (segment === undefined || segment.low > x) return 0;
    if (segment.grid) return interpolate(segment.grid, x);
    let sum = 0;
    for (let i = firstIndex(mu.length, (k) => mu[k]! >= x - far); i < mu.length && mu[i]! <= x + far; i++) {
      const t = (x - mu[i]!) / sigma[i]!;
      sum += Math.exp(-0.5 * t * t) / sigma[i]!;
    }
    return sum;
  };
};

/** For each unit of 1/σ of all Gaussians, what `gaussianSum` may lose or add where they are out of reach. */
export const NEGLECTED = 2 * Math.exp(-0.5 * 8.7 ** 2);

const gridOf = (
  low: number,
  high: number,
  step: number,
  mu: Float64Array,
  sigma: Float64Array,
  first: number,
  last: number,
): Grid => {
  const origin = low - MARGIN * step;
  const grid = { origin, step, values: new Float64Array(Math.ceil((high - low) / step) + 2 * MARGIN + 1) };
  for (let i = first; i < last; i++) addGaussian(grid, mu[i]!, sigma[i]!, REACH);
  return grid;
};

/** The first index of 0 … n that holds, for a condition that holds from some index on; n where none does. */
const firstIndex = (n: number, holds: (index: number) => boolean): number => {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};
