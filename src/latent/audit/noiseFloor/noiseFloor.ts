import { accuracyNull, aucNull } from '../twoSample/c2st.js';
import { energyKernel } from '../twoSample/energyDistance.js';
import { exchangeFloor } from '../twoSample/exchange.js';
import { kolmogorovSmirnovNull } from '../twoSample/kolmogorovSmirnov.js';
import { mardiaKurtosisNull } from '../twoSample/mardiaKurtosis.js';
import { mardiaSkewnessNull } from '../twoSample/mardiaSkewness.js';
import { mmdKernel } from '../twoSample/mmd.js';
import { radiusNull } from '../twoSample/radius.js';
import { slicedWassersteinFloor } from '../twoSample/slicedWasserstein.js';
import { cachedFloor, FLOOR_SEED, type FloorCache, type FloorKey, REPLICATES } from './floor.js';

/** Statistics that have a floor, and how it is made. */
const FLOORS = {
  mmd: (key) => exchangeFloor(key, (x, y) => mmdKernel(x, y).kernel),
  energyDistance: (key) => exchangeFloor(key, (x, y) => energyKernel(x, y).kernel),
  slicedWasserstein: slicedWassersteinFloor,
  kolmogorovSmirnov: ({ rows, latents, replicates }) => kolmogorovSmirnovNull(rows, latents, replicates),
  mardiaSkewness: ({ rows, latents, replicates }) => mardiaSkewnessNull(rows, latents, replicates),
  mardiaKurtosis: ({ rows, latents, replicates }) => mardiaKurtosisNull(rows, latents, replicates),
  radius: ({ rows, replicates }) => radiusNull(rows, replicates),
  c2st: ({ rows, replicates }) => accuracyNull(rows, replicates),
  c2stAuc: ({ rows, replicates }) => aucNull(rows, replicates),
} satisfies Record<string, (key: FloorKey) => ArrayLike<number>>;

export type FlooredStatistic = keyof typeof FLOORS;

/**
 * The distribution of a statistic over sets of n true draws from N(0, I), ascending.
 *
 * MMD, energy distance and sliced Wasserstein are computed on draws. The others have a known law under the hypothesis, and
 * their floor is that law at `replicates` equally likely places (b − ½)/B.
 *
 * Shapes: -> [replicates]. n: the codes that the statistic uses (judged codes for `c2st`), which may be fewer than there are.
 */
export const noiseFloor = (
  statistic: FlooredStatistic,
  n: number,
  latents: number,
  seed: number = FLOOR_SEED,
  replicates: number = REPLICATES,
  cache?: FloorCache,
): readonly number[] => cachedFloor({ statistic, rows: n, latents, replicates, seed }, cache, FLOORS[statistic]);
