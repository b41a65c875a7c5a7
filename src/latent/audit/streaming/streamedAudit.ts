import { InputError } from '../../../engine/errors/index.js';
import { activeUnitsByThreshold, activeUnitsOf } from '../activeUnits.js';
import { type AuditOptions, audit } from '../audit.js';
import { LEAST, wrongValueProblem } from '../checkCodes.js';
import { bracketOf } from '../densities.js';
import { correlationOf, rounded } from '../panels/index.js';
import { type AuditPanels, type AuditResult, isMeasured, type Statistics } from '../result.js';
import {
  chiSquaredCdf,
  type DimensionTest,
  largestDistance,
  normalCdf,
  radiusOf,
  testsOfDistances,
} from '../twoSample/index.js';
import { momentStatistics } from '../twoSampleStatistics.js';
import { judge } from '../verdict.js';
import { count, digits, grouped } from '../wording.js';
import type { Extremes } from './extremes.js';
import { fourierMmd } from './fourierSums.js';
import { bucketsOf, distanceOverEdges, widestShare } from './quantileSketch.js';
import { sampledCodes } from './sampled.js';
import { rowCount, type StreamSummary, type TrainSums } from './summary.js';
import { wholeMoments, wholeMuVariances, wholeRate } from './wholeMoments.js';
import { wholeDimensions, wholeRadii } from './wholePanels.js';

/** Codes that were streamed. */
export interface StreamedInput {
  readonly train: StreamSummary;
  readonly test?: StreamSummary;
  /** How messages name `mu`, `sigma`, `z`, `test mu`, …: by its file, for example. */
  readonly names?: Readonly<Record<string, string>>;
  readonly sources: { readonly train: string; readonly test?: string };
  /** What tells these codes from others, in files. */
  readonly inputs?: Readonly<Record<string, string>>;
}

/** Sampled codes that are held out where none were given. */
const HELD_OUT = 10_000;

/** Values that are not finite, or a σ that is not above 0: a line for each array, with row and column of the first. */
export const wrongValues = ({ settings, centres, scales }: StreamSummary, names: StreamedInput['names']): string[] => {
  const prefix = settings.part === 'test' ? 'test ' : '';
  const problem = (array: string, expected: string, { first, wrong }: Extremes): string[] =>
    first ? [wrongValueProblem(names?.[prefix + array] ?? prefix + array, expected, { ...first, total: wrong })] : [];
  return [
    ...problem(settings.posteriors ? 'mu' : 'z', 'finite numbers', centres),
    ...(scales ? problem('sigma', 'finite standard deviations above 0', scales) : []),
  ];
};

const problemsOf = (summary: StreamSummary, names: StreamedInput['names']): string[] => {
  const rows = rowCount(summary);
  const what = summary.settings.part === 'test' ? 'test codes' : 'codes';
  const few = rows < LEAST ? [`${what}: expected at least ${LEAST} rows, got ${rows}`] : [];
  return [...few, ...wrongValues(summary, names)];
};

/** The audit of the sample: what needs codes side by side, and so cannot be summed over all of them. */
const auditSample = async ({ train, test, names, sources }: StreamedInput, options: AuditOptions) => {
  const held = test ? 0 : Math.min(HELD_OUT, Math.floor(train.sample.size / 2));
  const fitted = train.sample.size - held;
  const heldOut = test ? sampledCodes(test, 0, test.sample.size) : sampledCodes(train, fitted, train.sample.size);
  const rowsOf = (n: number, all: number, source: string): string =>
    n < all ? `${grouped(n)} of ${count(all, 'row')} of ${source}, by seed ${options.seed}` : source;
  const all = rowCount(train);
  const result = await audit(
    {
      train: sampledCodes(train, 0, fitted),
      test: heldOut,
      ...(names && { names }),
      sources: {
        train: rowsOf(fitted, all, sources.train),
        test: test
          ? rowsOf(heldOut.n, rowCount(test), sources.test ?? 'held-out codes')
          : rowsOf(held, all, sources.train),
      },
    },
    options,
  );
  const note =
    `Streamed: moments, rate, marginals, quantiles, radius and MMD are of all ${grouped(all)} codes; what needs codes side by side ` +
    `is of ${grouped(fitted)} of them drawn by seed ${options.seed}${test ? '' : `, with ${grouped(held)} more held out`}, as each n says.`;
  return { result, note, codes: sampledCodes(train, 0, train.sample.size) };
};

/** Kolmogorov–Smirnov distances read off the edges of buckets: never above the true ones. */
const wholeTests = ({ quantiles, radii }: TrainSums, n: number, latents: number) => {
  const columns = Array.from({ length: latents }, (_, d) => bucketsOf(quantiles, d));
  const dimensions: DimensionTest[] = testsOfDistances(
    columns.map((buckets) => distanceOverEdges(buckets, normalCdf)),
    n,
  );
  const squares = bucketsOf(radii, 0);
  const cdf = (x: number): number => (x <= 0 ? 0 : chiSquaredCdf(x, latents));
  return {
    dimensions,
    dimensionError: columns.reduce((most, buckets) => Math.max(most, widestShare(buckets, normalCdf)), 0),
    radius: distanceOverEdges(squares, cdf),
    radiusError: widestShare(squares, cdf),
  };
};

/**
 * The audit of codes that were streamed into summaries: the same result as of codes in memory, and a verdict by the same
 * rules.
 *
 * Of all codes: rate, active units, moment KL, Fréchet distance, MMD (by random frequencies against N(0, I) itself),
 * Kolmogorov–Smirnov distances of dimensions and radius (read off the edges of fixed buckets: below the true ones by no
 * more than `by` says, p-values accordingly large), and the panels of dimensions, correlation, spectrum and radius. Of
 * the sample, as their n says: everything else.
 *
 * Throws: InputError for values that are not finite, a sigma that is not above 0 (with row and column), fewer than 10
 * rows.
 */
export const streamedAudit = async (input: StreamedInput, options: AuditOptions): Promise<AuditResult> => {
  const problems = [input.train, ...(input.test ? [input.test] : [])].flatMap((each) => problemsOf(each, input.names));
  if (problems.length > 0) throw new InputError(problems.join('\n'));
  const { seed, floors, now = () => 0 } = options;
  const start = now();
  const { result, note, codes } = await auditSample(input, options);
  const { latents } = input.train.settings;
  const sums = input.train.sums!;

  const moments = wholeMoments(sums);
  const tests = wholeTests(sums, moments.n, latents);
  const muVariances = sums.posteriors && wholeMuVariances(sums.posteriors.means);
  const within = (error: number): string => `from counts in buckets, at most ${digits(error)} too low`;
  const largest = largestDistance(tests.dimensions, moments.n, { seed, ...(floors && { floors }) });
  const radius = radiusOf(tests.radius, moments.n, { seed, ...(floors && { floors }) });
  const statistics: Statistics = {
    ...result.statistics,
    ...rateOf(sums, result.statistics),
    ...(muVariances && { activeUnits: activeUnitsOf(muVariances, moments.n) }),
    ...momentStatistics(codes, moments, floors),
    mmd: fourierMmd(sums.fourier, latents, seed),
    kolmogorovSmirnov: { ...largest, by: `${largest.by}, ${within(tests.dimensionError)}` },
    radius: { ...radius, by: `${radius.by}, ${within(tests.radiusError)}` },
  };

  const kl = new Map(result.panels.dimensions.flatMap((each) => (each.kl ? [[each.dimension, each.kl] as const] : [])));
  const dimensions = wholeDimensions({ sums, moments, tests: tests.dimensions, kl });
  const panels: AuditPanels = {
    ...result.panels,
    dimensions,
    correlation: correlationOf(
      moments,
      dimensions.map(({ dimension }) => dimension),
    ),
    spectrum: Array.from(moments.eigenvalues, rounded),
    radius: wholeRadii(sums, latents),
    ...(muVariances && { activeUnits: activeUnitsByThreshold(muVariances) }),
  };
  const { rate, marginalKl, marginalKlHeldOut: bound } = statistics;
  const bracket =
    result.bracket && isMeasured(rate) && isMeasured(marginalKl)
      ? bracketOf(rate.value, marginalKl.value, isMeasured(bound) ? bound.value : 0)
      : undefined;
  const tried = result.heldOut.map(({ density, gain }) => ({ density: { name: density }, gain }));
  return {
    ...result,
    ...judge({ statistics, alpha: result.alpha, tried, ...(bracket && { bracket }) }),
    statistics,
    ...(bracket && { bracket }),
    notes: [note, ...result.notes],
    panels,
    seconds: (now() - start) / 1000,
  };
};

/** The rate of all codes; the information is what it leaves beside the marginal KL of the sample, so that both sum to it. */
const rateOf = (
  { posteriors }: TrainSums,
  { marginalKl, mutualInformation }: Statistics,
): Partial<Pick<Statistics, 'rate' | 'mutualInformation'>> => {
  if (!posteriors) return {};
  const rate = wholeRate(posteriors.rate);
  if (!isMeasured(marginalKl) || !isMeasured(mutualInformation)) return { rate };
  return { rate, mutualInformation: { ...mutualInformation, value: rate.value - marginalKl.value } };
};
