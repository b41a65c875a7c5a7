/** Where a statistic lies among those of true N(0, I) draws. */
import { integer, short } from '../../numbers/index.js';
import type { NoiseFloor } from '../measured.js';

/** The floor never shrinks below this share of the strip: a value far off stands at the edge, after a break. */
const LEAST_SHARE = 0.16;
/** Where `quantiles` of a floor has 2.5%, 25%, 50%, 75%, 97.5% and 99%. */
const AT = { low: 0, quarter: 1, median: 2, threeQuarters: 3, high: 5, highest: 6 } as const;

/** A strip from 0 to 1, and where on it things lie. */
export interface FloorStrip {
  /** Quantiles of the floor: 2.5%, 25%, 50%, 75%, 97.5%. */
  readonly low: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  readonly high: number;
  /** Ours. */
  readonly mark: number;
  /** Whether ours is beyond the strip. */
  readonly beyond: -1 | 0 | 1;
}

/** A strip that is wide enough for the floor and for ours, as far as the floor can still be seen. */
export const floorStrip = (value: number, { quantiles }: NoiseFloor): FloorStrip => {
  const [low, high] = [quantiles[AT.low]!, quantiles[AT.highest]!];
  const span = Math.max(high - low, 1e-300);
  const [from, to] = [Math.min(low, value), Math.max(high, value)];
  const fits = span / (to - from) >= LEAST_SHARE;
  const widest = span / LEAST_SHARE;
  const domain = fits ? [from, to] : value > high ? [low, low + widest] : [high - widest, high];
  const clamp = (at: number): number => Math.min(1, Math.max(0, at));
  const place = (at: number): number => clamp((at - domain[0]!) / Math.max(domain[1]! - domain[0]!, 1e-300));
  const quantile = (name: keyof typeof AT): number => place(quantiles[AT[name]]!);
  return {
    low: quantile('low'),
    quarter: quantile('quarter'),
    median: quantile('median'),
    threeQuarters: quantile('threeQuarters'),
    high: quantile('high'),
    mark: place(value),
    beyond: fits ? 0 : value > high ? 1 : -1,
  };
};

/** Where ours lies among them, in words. */
export const placeOf = (value: number, { quantiles, mean, sd }: NoiseFloor): string => {
  const [low, high, highest] = [quantiles[AT.low]!, quantiles[AT.high]!, quantiles[AT.highest]!];
  const place =
    value > highest
      ? 'above 99% of them'
      : value > high
        ? 'above 97.5% of them'
        : value < low
          ? 'below 97.5% of them'
          : 'inside the middle 95%';
  const away = Math.abs(value - mean) / sd;
  if (!Number.isFinite(away) || away < 4) return place;
  return `${place}, ${short(away)} standard deviations from their mean`;
};

export const medianOf = ({ quantiles }: NoiseFloor): number => quantiles[AT.median]!;

/** `4.5; 200 sets of N(0, I) draws have a median of 4.2; ours is inside the middle 95%`. */
export const floorWords = (value: number, floor: NoiseFloor): string =>
  `${short(value)}; ${integer(floor.replicates)} sets of N(0, I) draws have a median of ${short(medianOf(floor))}; ours is ${placeOf(value, floor)}`;
