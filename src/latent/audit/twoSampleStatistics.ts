import { FEW } from './checkCodes.js';
import type { Codes, Draws } from './codes.js';
import { frechet } from './frechet.js';
import { momentFloors } from './momentFloor.js';
import { momentKl } from './momentKl.js';
import type { Moments } from './moments.js';
import { rankPValue, summarizeFloor } from './noiseFloor/index.js';
import { isMeasured, type Statistic, type Statistics } from './result.js';
import {
  c2st,
  type DimensionTest,
  energyDistance,
  kolmogorovSmirnov,
  MOST_SKEWNESS_LATENTS,
  mardiaKurtosis,
  mardiaRows,
  mardiaSkewness,
  mmd,
  radius,
  slicedWasserstein,
  type TestOptions,
} from './twoSample/index.js';

type MomentStatistics = Pick<Statistics, 'momentKl' | 'frechet'>;
type TestStatistics = Pick<
  Statistics,
  | 'mmd'
  | 'energyDistance'
  | 'slicedWasserstein'
  | 'kolmogorovSmirnov'
  | 'mardiaSkewness'
  | 'mardiaKurtosis'
  | 'radius'
  | 'c2st'
  | 'c2stAuc'
>;

/**
 * What depends on mean and covariance alone, beside its distribution for as many true draws. A p-value for draws only:
 * moments by the law of total covariance have less noise than those of draws. Codes may be a sample of those that the
 * moments are of.
 */
export const momentStatistics = (codes: Codes, moments: Moments, floors: TestOptions['floors']): MomentStatistics => {
  const { n, latents } = moments;
  const statistics = { momentKl: momentKl(codes, moments), frechet: frechet(codes, moments) };
  if (n <= latents) return statistics;
  const nulls = momentFloors(n, latents, floors);
  const beside = (statistic: Statistic, values: readonly number[]): Statistic =>
    isMeasured(statistic)
      ? {
          ...statistic,
          floor: summarizeFloor(values),
          ...('z' in codes && { pValue: rankPValue(statistic.value, values) }),
        }
      : statistic;
  return {
    momentKl: beside(statistics.momentKl, nulls.momentKl),
    frechet: beside(statistics.frechet, nulls.frechet),
  };
};

/** Two-sample tests of codes against N(0, I); `onProgress` gets the share done. */
export const testStatistics = (
  draws: Draws,
  moments: Moments,
  byDimension: DimensionTest[],
  options: TestOptions,
  onProgress: (share: number) => void,
): TestStatistics => {
  const few: Statistic = { unavailable: `needs at least ${FEW} codes, got ${draws.n}` };
  const flat = moments.eigenvalues.at(-1)! <= 1e-12 * moments.eigenvalues[0]!;
  const noShape: Statistic = { unavailable: 'the covariance is singular: codes cannot be whitened' };
  const { n, latents } = draws;
  const least = mardiaRows(latents);
  const whitened = (statistic: () => Statistic): Statistic => {
    if (n < FEW) return few;
    if (flat || n <= latents) return noShape;
    return n < least ? { unavailable: `needs at least ${least} codes for ${latents} latents, got ${n}` } : statistic();
  };
  const most = MOST_SKEWNESS_LATENTS;
  const wide: Statistic = {
    unavailable: `needs at most ${most} latents, as it takes their third moments, got ${latents}`,
  };
  const step = <T>(share: number, value: T): T => {
    onProgress(share);
    return value;
  };
  const first = {
    mmd: step(0.2, mmd(draws, options)),
    energyDistance: step(0.4, energyDistance(draws, options)),
    slicedWasserstein: step(0.6, slicedWasserstein(draws, options)),
    kolmogorovSmirnov: kolmogorovSmirnov(draws, options, byDimension),
    mardiaSkewness: whitened(() => (latents > most ? wide : mardiaSkewness(draws, options))),
    mardiaKurtosis: step(
      0.8,
      whitened(() => mardiaKurtosis(draws, options)),
    ),
    radius: radius(draws, options),
  };
  if (draws.n < FEW) return { ...first, c2st: few, c2stAuc: few };
  const classifier = c2st(draws, options);
  onProgress(1);
  return { ...first, c2st: classifier.accuracy, c2stAuc: classifier.auc };
};
