import type { NoiseFloor } from './measured.js';

/** The floor never shrinks below this share of the strip: a value far off stands at the edge, after a break. */
const LEAST_SHARE = 0.16;
/** Where `quantiles` of a floor has 2.5%, 25%, 50%, 75%, 97.5% and 99%. */
export const FLOOR_AT = { low: 0, quarter: 1, median: 2, threeQuarters: 3, high: 5, highest: 6 } as const;

export interface FloorScale {
  /** From values to places on the strip. */
  readonly x: (value: number) => number;
  /** Whether ours is beyond the strip. */
  readonly beyond: -1 | 0 | 1;
}

/** How a value and the noise floor of its statistic lie on a strip of some width, `edge` left free at either end. */
export const floorScale = (value: number, { quantiles }: NoiseFloor, width: number, edge: number): FloorScale => {
  const [low, high] = [quantiles[FLOOR_AT.low]!, quantiles[FLOOR_AT.highest]!];
  const span = Math.max(high - low, 1e-300);
  const [from, to] = [Math.min(low, value), Math.max(high, value)];
  const fits = span / (to - from) >= LEAST_SHARE;
  const widest = span / LEAST_SHARE;
  const domain = fits ? [from, to] : value > high ? [low, low + widest] : [high - widest, high];
  const clamp = (at: number): number => Math.min(1, Math.max(0, at));
  return {
    x: (at) => edge + clamp((at - domain[0]!) / Math.max(domain[1]! - domain[0]!, 1e-300)) * (width - 2 * edge),
    beyond: fits ? 0 : value > high ? 1 : -1,
  };
};
