import type { NoiseFloor } from '../result.js';

/** Keeps floors between audits, under a key of (statistic, n, D, replicates, seed): in memory, or in a file by its owner. */
export interface FloorCache {
  get(key: string): readonly number[] | undefined;
  set(key: string, values: readonly number[]): void;
}

/** What a floor is drawn for; `rows` are the codes that the statistic uses, which may be fewer than there are. */
export interface FloorKey {
  readonly statistic: string;
  readonly rows: number;
  readonly latents: number;
  readonly replicates: number;
  readonly seed: number;
}

/** Of every floor, unless told otherwise. */
export const REPLICATES = 200;
/** One seed for the floors of all audits, whatever theirs: a floor knows nothing of the codes, and is found again. */
export const FLOOR_SEED = 0;

/** Quantiles that a floor keeps, as NoiseFloor names them. */
const PROBABILITIES = [0.025, 0.25, 0.5, 0.75, 0.95, 0.975, 0.99] as const;

/** The values of a floor, ascending: from the cache, or drawn and put there. */
export const cachedFloor = (
  key: FloorKey,
  cache: FloorCache | undefined,
  draw: (key: FloorKey) => ArrayLike<number>,
): readonly number[] => {
  const name = `${key.statistic}/n=${key.rows}/d=${key.latents}/b=${key.replicates}/seed=${key.seed}`;
  const kept = cache?.get(name);
  if (kept?.length === key.replicates) return kept;
  const values = Array.from(draw(key)).sort((a, b) => a - b);
  cache?.set(name, values);
  return values;
};

/** The floor that a test shows beside its value: of 200 replicates, by the seed of all floors. */
export const floorOf = (
  statistic: string,
  rows: number,
  latents: number,
  cache: FloorCache | undefined,
  draw: (key: FloorKey) => ArrayLike<number>,
): readonly number[] =>
  cachedFloor({ statistic, rows, latents, replicates: REPLICATES, seed: FLOOR_SEED }, cache, draw);

/** Quantile of ascending values by linear interpolation between order statistics (Hyndman and Fan's type 7). */
export const quantileOf = (ascending: ArrayLike<number>, probability: number): number => {
  const place = probability * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below]!;
  return low + (place - below) * (ascending[Math.min(below + 1, ascending.length - 1)]! - low);
};

/** Mean, standard deviation (divided by B − 1) and quantiles of the values of a floor. Domain: at least 2, ascending. */
export const summarizeFloor = (ascending: readonly number[]): NoiseFloor => {
  const replicates = ascending.length;
  const mean = ascending.reduce((sum, value) => sum + value, 0) / replicates;
  const squares = ascending.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    replicates,
    mean,
    sd: Math.sqrt(squares / (replicates - 1)),
    quantiles: PROBABILITIES.map((probability) => quantileOf(ascending, probability)),
  };
};

/**
 * p-value of a value whose large side speaks against the hypothesis, by its rank among B replicates of it.
 *
 *   p = (1 + #{b : T_b >= T}) / (1 + B)
 *
 * Exact: under the hypothesis P(p <= α) <= α for every α, n and D; never below 1 / (1 + B).
 * Source: Davison & Hinkley 1997, Bootstrap Methods and their Application, section 4.2.
 */
export const rankPValue = (value: number, replicates: ArrayLike<number>): number => {
  let atLeast = 0;
  for (let b = 0; b < replicates.length; b++) if (replicates[b]! >= value) atLeast++;
  return (1 + atLeast) / (1 + replicates.length);
};
