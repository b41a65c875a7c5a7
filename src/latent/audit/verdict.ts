import type { Density } from './codes.js';
import { isGain } from './densities.js';
import {
  type AuditResult,
  type AuditVerdict,
  isMeasured,
  type Measured,
  type Statistic,
  type StatisticName,
  type Statistics,
} from './result.js';
import { digits, percent, withArticle } from './wording.js';

/** Of the statistics whose value says little by itself: as a sentence begins with them. */
const NAMES: Partial<Record<StatisticName, string>> = {
  mmd: 'The maximum mean discrepancy',
  energyDistance: 'The energy distance',
  slicedWasserstein: 'The sliced Wasserstein distance',
  kolmogorovSmirnov: 'The largest Kolmogorov–Smirnov distance of a dimension',
  mardiaSkewness: 'Mardia’s skewness',
  mardiaKurtosis: 'Mardia’s kurtosis',
  radius: 'The Kolmogorov–Smirnov distance of the radius',
  frechet: 'The Fréchet distance',
};

/** Information below which z is said to carry nothing, nats. */
const COLLAPSED = 0.5;
/** Family-wise level of the tests that decide where codes are too few for a classifier. */
const LEVEL = 0.05;

/** Tests that need no density and no halves, for few codes. */
const TESTS = [
  'mmd',
  'energyDistance',
  'slicedWasserstein',
  'kolmogorovSmirnov',
  'radius',
] as const satisfies StatisticName[];

export interface Judged {
  readonly verdict: AuditVerdict;
  readonly summary: string;
  readonly reasons: AuditResult['reasons'];
  readonly sampleFrom: string;
}

export interface Evidence {
  readonly statistics: Statistics;
  readonly alpha: number;
  /** The best first; none where codes are too few. */
  readonly tried: readonly { readonly density: Pick<Density, 'name'>; readonly gain: Measured }[];
  readonly bracket?: AuditResult['bracket'];
}

const measured = (statistic: Statistic): Measured | undefined => (isMeasured(statistic) ? statistic : undefined);

const isCollapsed = ({ mutualInformation, activeUnits }: Statistics): boolean => {
  const information = measured(mutualInformation);
  return (information !== undefined && information.value < COLLAPSED) || measured(activeUnits)?.value === 0;
};

/** A classifier that does better than guessing. One that does worse has found nothing: its interval may lie below ½. */
const tellsApart = ({ c2st }: Statistics): boolean => (measured(c2st)?.interval?.[0] ?? 0) > 0.5;

const hasHoles = ({ holeMass }: Statistics, alpha: number): boolean => (measured(holeMass)?.value ?? 0) > 2 * alpha;

/** The tests that reject at 5% among them all, by Bonferroni: what decides where there is no classifier. */
const rejecting = (statistics: Statistics): (typeof TESTS)[number][] =>
  TESTS.filter((name) => (measured(statistics[name])?.pValue ?? 1) < LEVEL / TESTS.length);

/**
 * The verdict of an audit.
 *
 *   collapsed   I(i; z) < 0.5 nats, or no active unit: z matches the prior because it carries nothing
 *   matched     the classifier's 95% interval holds ½ (or lies below it) and hole mass ≤ 2α
 *   mismatched  otherwise
 *
 * Without posteriors the first cannot be told and is left out. With too few codes for a classifier, the two-sample
 * tests that remain decide, at 5% among them all.
 */
export const verdictOf = (statistics: Statistics, alpha: number): AuditVerdict => {
  if (isCollapsed(statistics)) return 'collapsed';
  if (tellsApart(statistics) || hasHoles(statistics, alpha)) return 'mismatched';
  return !isMeasured(statistics.c2st) && rejecting(statistics).length > 0 ? 'mismatched' : 'matched';
};

const withInterval = ({ value, interval }: Measured, show: (value: number) => string): string =>
  interval ? `${show(value)} (95%: ${show(interval[0])} to ${show(interval[1])})` : show(value);

const nats = ({ value, se }: Measured): string =>
  se ? `${digits(value)} ± ${digits(1.96 * se)} nats` : `${digits(value)} nats`;

const pText = (p: number): string => (p < 0.001 ? 'p < 0.001' : `p = ${digits(p)}`);

/** One sentence about a statistic, with its numbers; nothing where it was not measured. */
const sentence = (name: StatisticName, { statistics, alpha, bracket }: Evidence): string | undefined => {
  const statistic = measured(statistics[name]);
  if (statistic === undefined) return undefined;
  switch (name) {
    case 'mutualInformation':
      return bracket
        ? `z carries between ${bracket.mutualInformation.map(digits).join(' and ')} nats about x.`
        : `z carries ${nats(statistic)} about x.`;
    case 'activeUnits':
      return `${statistic.value} active units: dimensions whose mean varies over images (${statistic.by}).`;
    case 'rate':
      return `The rate is ${nats(statistic)}.`;
    case 'c2st':
      return tellsApart(statistics)
        ? `A classifier tells codes from prior draws in ${withInterval(statistic, percent)} of cases; guessing is right in 50%.`
        : `A classifier does not tell codes from prior draws: right in ${withInterval(statistic, percent)} of cases.`;
    case 'holeMass':
      return `${withInterval(statistic, percent)} of prior draws look less like a code than all but ${percent(alpha)} of held-out codes do.`;
    case 'marginalKlHeldOut':
      return statistic.value > 0
        ? `KL(q(z) ‖ p(z)) is at least ${nats(statistic)}, by ${withArticle(statistic.by!)} on held-out codes.`
        : `No density fitted to codes beats N(0, I) on held-out codes: the best, ${withArticle(statistic.by!)}, has ${nats(statistic)}.`;
    case 'marginalKl':
      return `KL(q(z) ‖ p(z)) is ${statistic.saturated ? 'at most ' : ''}${nats(statistic)}.`;
    case 'momentKl':
      return `The Gaussian of the codes' mean and covariance is ${nats(statistic)} from N(0, I).`;
    default:
      return `${NAMES[name] ?? name} is ${digits(statistic.value)}${statistic.pValue === undefined ? '' : `, ${pText(statistic.pValue)}`}.`;
  }
};

/** Statistics that may be reasons for a verdict, the weightiest first. */
const weightiest = (verdict: AuditVerdict, { statistics, alpha }: Evidence): readonly StatisticName[] => {
  const rest: readonly StatisticName[] = ['marginalKlHeldOut', 'marginalKl', 'momentKl', 'mutualInformation', ...TESTS];
  if (verdict === 'collapsed') return ['mutualInformation', 'activeUnits', 'rate'];
  // A small distance is never success by itself: what z carries stands beside it.
  if (verdict === 'matched') return ['c2st', 'holeMass', 'mutualInformation', ...rest];
  const tests = rejecting(statistics);
  if (!isMeasured(statistics.c2st)) return ['holeMass', ...tests, ...rest];
  const byHoles = hasHoles(statistics, alpha);
  if (!tellsApart(statistics)) return ['holeMass', 'c2st', ...rest];
  return byHoles ? ['c2st', 'holeMass', ...rest] : ['c2st', 'marginalKlHeldOut', 'holeMass', ...rest];
};

const reasonsOf = (verdict: AuditVerdict, evidence: Evidence): AuditResult['reasons'] =>
  [...new Set(weightiest(verdict, evidence))]
    .flatMap((statistic) => {
      const text = sentence(statistic, evidence);
      return text === undefined ? [] : [{ statistic, text }];
    })
    .slice(0, 3);

/** The density to sample from. The prior where codes match it, or where nothing fitted describes them better. */
const sampleFromOf = (verdict: AuditVerdict, { tried }: Evidence): string => {
  const best = tried[0];
  return verdict === 'matched' || best === undefined || !isGain(best.gain) ? 'N(0, I)' : best.density.name;
};

const summaryOf = (verdict: AuditVerdict, sampleFrom: string, evidence: Evidence): string => {
  const { statistics, tried, bracket } = evidence;
  const information = measured(statistics.mutualInformation);
  const carries = bracket ? `at least ${digits(bracket.mutualInformation[0])}` : digits(information?.value ?? 0);
  if (verdict === 'collapsed') {
    const units = measured(statistics.activeUnits)?.value ?? 0;
    return `z carries ${carries} nats about x in ${units} active units: where it matches the prior, it does so because it says nothing.`;
  }
  if (verdict === 'matched') {
    const informed = information
      ? `, and z carries ${carries} nats about x`
      : '; from z alone a collapse of the posteriors cannot be excluded';
    return `Codes and N(0, I) cannot be told apart${informed}: sample from N(0, I).`;
  }
  const parts = [
    ...(measured(statistics.c2st) && tellsApart(statistics)
      ? [`a classifier tells them apart in ${percent(measured(statistics.c2st)!.value)} of cases`]
      : []),
    ...(measured(statistics.holeMass)
      ? [`${percent(measured(statistics.holeMass)!.value)} of prior draws fall where codes hardly ever are`]
      : []),
  ];
  const found = parts.length > 0 ? `: ${parts.join(', and ')}` : '';
  const gain = tried[0]?.gain.value ?? 0;
  const advice =
    sampleFrom === 'N(0, I)'
      ? 'no fitted density describes held-out codes better than N(0, I)'
      : `sample from ${withArticle(sampleFrom)}, worth ${digits(gain)} nats`;
  return `The codes do not live where N(0, I) does${found}; ${advice}.`;
};

export const judge = (evidence: Evidence): Judged => {
  const verdict = verdictOf(evidence.statistics, evidence.alpha);
  const sampleFrom = sampleFromOf(verdict, evidence);
  return {
    verdict,
    summary: summaryOf(verdict, sampleFrom, evidence),
    reasons: reasonsOf(verdict, evidence),
    sampleFrom,
  };
};
