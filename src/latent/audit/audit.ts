import { InputError } from '../../engine/errors/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { activeUnits } from './activeUnits.js';
import { auditPanels } from './auditPanels.js';
import type { Codes } from './codes.js';
import { type Decomposition, decompose } from './decomposition/index.js';
import { bracketOf } from './densities.js';
import { measureHeldOut } from './heldOut.js';
import { mixtureDensity } from './mixture/index.js';
import { momentsOf } from './moments.js';
import type { FloorCache } from './noiseFloor/index.js';
import { type AuditInput, prepare } from './prepare.js';
import { type AuditResult, isMeasured, type Statistics } from './result.js';
import { followStages, type OnAuditProgress } from './stages.js';
import { kolmogorovSmirnovByDimension } from './twoSample/index.js';
import { momentStatistics, testStatistics } from './twoSampleStatistics.js';
import { judge } from './verdict.js';

export interface AuditOptions {
  /** Of every draw and every subset. */
  readonly seed: number;
  readonly runtime: Runtime;
  /** Of the hole mass: the share of held-out codes below its threshold. 0.01 unless told. */
  readonly alpha?: number;
  /** Where noise floors are kept between audits. */
  readonly floors?: FloorCache;
  readonly onProgress?: OnAuditProgress;
  /** Milliseconds of a steady clock; without one the audit takes 0 seconds. */
  readonly now?: () => number;
  readonly versions?: Readonly<Record<string, string>>;
}

/** Pairs (i, z) that the rate is split with. */
const PAIRS = 10_000;

type RateStatistics = Pick<
  Statistics,
  'rate' | 'rateMc' | 'mutualInformation' | 'marginalKl' | 'totalCorrelation' | 'dimensionwiseKl'
>;

const needsPosteriors = { unavailable: 'needs posteriors: mu and sigma' };

const unavailableRate: RateStatistics = {
  rate: needsPosteriors,
  rateMc: needsPosteriors,
  mutualInformation: needsPosteriors,
  marginalKl: needsPosteriors,
  totalCorrelation: needsPosteriors,
  dimensionwiseKl: needsPosteriors,
};

const splitRate = async (
  codes: Codes,
  { seed, runtime }: AuditOptions,
  onProgress: (share: number) => void,
): Promise<Decomposition | undefined> => {
  if (!('mu' in codes)) return undefined;
  const density = await mixtureDensity(codes, runtime);
  try {
    return await decompose(codes, density, { draws: PAIRS, seed, onProgress });
  } finally {
    await density.release();
  }
};

const rateStatistics = ({
  rate,
  rateMc,
  mutualInformation,
  marginalKl,
  totalCorrelation,
  dimensionwiseKl,
}: Decomposition): RateStatistics => ({
  rate,
  rateMc,
  mutualInformation,
  marginalKl,
  totalCorrelation,
  dimensionwiseKl,
});

/**
 * Where the codes of a VAE live, and how far that is from N(0, I): every statistic with its error, a verdict with three
 * reasons, and what the figures are drawn from.
 *
 * The same codes and seed give the same numbers.
 *
 * Throws: InputError with everything that is wrong with the codes, or for an α outside (0, ½).
 */
export const audit = async (input: AuditInput, options: AuditOptions): Promise<AuditResult> => {
  const { seed, alpha = 0.01, floors, now = () => 0, versions = {} } = options;
  if (!(alpha > 0 && alpha < 0.5)) throw new InputError(`alpha: expected a share in (0, 0.5), got ${alpha}`);
  const start = now();
  const progress = followStages(options.onProgress);

  progress('checking codes');
  const codes = prepare(input, seed);
  const { all, allDraws, sets, notes } = codes;

  progress('moments');
  const moments = momentsOf(all);
  const ofMoments = momentStatistics(all, moments, floors);

  progress('splitting the rate');
  const decomposition = await splitRate(all, options, (share) => progress('splitting the rate', share));

  const { tried, ...heldOut } = await measureHeldOut(codes, { alpha, seed, runtime: options.runtime, progress });

  progress('two-sample tests');
  const byDimension = kolmogorovSmirnovByDimension(allDraws);
  const tests = { seed, ...(floors && { floors }) };
  const statistics: Statistics = {
    ...(decomposition ? rateStatistics(decomposition) : unavailableRate),
    marginalKlHeldOut: heldOut.marginalKlHeldOut,
    activeUnits: activeUnits(all),
    ...ofMoments,
    holeMass: heldOut.holeMass,
    ...testStatistics(allDraws, moments, byDimension, tests, (share) => progress('two-sample tests', share)),
  };

  progress('figures');
  const drawn = auditPanels({
    codes,
    moments,
    tests: byDimension,
    ...(decomposition && { dimensionKl: decomposition.dimensionKl }),
    heldOut: { ...heldOut, tried },
    seed,
  });

  const bound = isMeasured(heldOut.marginalKlHeldOut) ? heldOut.marginalKlHeldOut.value : 0;
  const bracket = decomposition?.saturated
    ? bracketOf(decomposition.rate.value, decomposition.marginalKl.value, bound)
    : undefined;
  return {
    schema: 1,
    kind: 'audit',
    ...judge({ statistics, alpha, tried, ...(bracket && { bracket }) }),
    statistics,
    ...(bracket && { bracket }),
    heldOut: tried.map(({ density, gain }) => ({ density: density.name, gain })),
    codes: { ...sets, latents: all.latents },
    alpha,
    seed,
    notes: [...notes, ...drawn.notes],
    panels: drawn.panels,
    seconds: (now() - start) / 1000,
    versions,
  };
};
