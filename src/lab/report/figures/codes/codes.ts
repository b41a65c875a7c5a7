import { chiMean } from '../../../../latent/codes/index.js';
import { integer, short, withInterval } from '../../../../latent/numbers/index.js';
import type { CodesSummary, Study } from '../../../studies/study.js';
import { csv } from '../../csv.js';
import { listed } from '../../words.js';
import type { Figure } from '../figure.js';
import { legendPanel } from '../legendPanel.js';
import { assemble, rounded, rowsOf } from '../theory/assemble.js';
import { activeUnits, type Coded, codedOf, overSeeds, rankedRates } from './coded.js';
import { coarser, densityAt, histogramMean } from './density.js';
import {
  ACTIVE,
  activeHeight,
  activePanel,
  marginalPanel,
  NORMAL,
  radiusPanel,
  rateBars,
  rateLines,
} from './panels.js';

const name = 'codes';
const title = 'Are the codes distributed as N(0, I)?';

/** What is drawn where one series must stand for its regime. */
interface Shown {
  /** Every series that has codes. */
  readonly all: readonly Coded[];
  /** Joint and encoder-only, in this order: the KL of all. */
  readonly compared: readonly Coded[];
  /** Of each of the two the first estimator. */
  readonly pair: readonly Coded[];
}

const shownOf = (study: Study): Shown => {
  const all = codedOf(study);
  const compared = all.filter(({ series }) => series.regime === 'joint' || series.regime === 'encoder-only');
  const pair = (['joint', 'encoder-only'] as const).flatMap(
    (regime) => compared.find(({ series }) => series.regime === regime) ?? [],
  );
  return { all, compared, pair: pair.length > 0 ? pair : all.slice(0, 1) };
};

const marginalOf = ({ marginals }: CodesSummary, rank: number) => marginals[rank];

/** `density of z17, 1.32 nats`: the dimension of the series that is drawn as an area. */
const rankLabel = ({ codes }: Coded, rank: number): string => {
  const dimension = Number(marginalOf(codes[0]!, rank)?.dimension);
  return `density of z${dimension}, ${short(codes[0]!.dimensionRate[dimension] ?? Number.NaN)} nats`;
};

/**
 * The codes of the test set: marginals of z against N(0, 1), ‖z‖ against χ_D, the KL by dimension, active units.
 * Undefined for a study without a summary of codes. Nats per image.
 */
export const codesFigure = (study: Study): Figure | undefined => {
  const shown = shownOf(study);
  const { all, compared, pair } = shown;
  const [leading] = pair;
  if (!leading) return undefined;
  const latents = leading.codes[0]!.dimensionRate.length;
  const together = pair.map((each) => ({
    ...each,
    histograms: each.codes.flatMap(
      (codes) => codes.marginals.find(({ dimension }) => dimension === 'all')?.histogram ?? [],
    ),
  }));
  const byRank = (rank: number, width: number) =>
    marginalPanel(
      rankLabel(leading, rank),
      pair.flatMap((each) => {
        const marginal = marginalOf(each.codes[0]!, rank);
        return marginal ? [{ ...each, histograms: [coarser(marginal.histogram, 2)] }] : [];
      }),
      { width, height: 170 },
    );
  const ranks = leading.codes[0]!.marginals.slice(1).map((_, i) => i + 1);
  const legend = [...compared, NORMAL];
  const half = { width: 468, height: 290 };
  const phone = { width: 348, height: 250 };
  const wide = rowsOf(
    960,
    [
      [legendPanel(legend, 960)],
      [marginalPanel('density of z, all dimensions together', together, half), radiusPanel(pair, latents, half)],
      ranks.slice(0, 4).map((rank) => byRank(rank, 228)),
      ranks.slice(4, 8).map((rank) => byRank(rank, 228)),
      [rateBars(pair, half), rateLines(compared, half)],
      [activePanel(all, latents, { width: 960, height: activeHeight(all.length) })],
    ].filter((row) => row.length > 0),
  );
  const narrow = rowsOf(348, [
    [marginalPanel('density of z, all dimensions together', together, phone)],
    [radiusPanel(pair, latents, phone)],
    ...ranks.slice(0, 3).map((rank) => [byRank(rank, 348)]),
    [rateBars(pair, phone)],
    [rateLines(compared, phone)],
    [activePanel(all, latents, { width: 348, height: activeHeight(all.length) })],
  ]);
  return assemble({
    name,
    title,
    answer: answer(shown, latents),
    reading: reading(study, shown),
    description: description(shown, latents),
    csv: dataOf(shown),
    layers: legend,
    wide,
    narrow,
  });
};

/** The fewest dimensions that hold a share of the rate. */
const dimensionsFor = (coded: Coded, share: number): number => {
  const rates = rankedRates(coded).map(({ value }) => value);
  const wanted = share * rates.reduce((sum, rate) => sum + rate, 0);
  let held = 0;
  for (const [i, rate] of rates.entries()) {
    held += rate;
    if (held >= wanted) return i + 1;
  }
  return rates.length;
};

const meanRadius = (coded: Coded) => overSeeds(coded, ({ radius }) => histogramMean(radius));

const answer = ({ pair }: Shown, latents: number): string => {
  const told = pair.map((each) => {
    const variances = each.codes.flatMap(({ zVariance }) => zVariance);
    const rates = rankedRates(each).map(({ value }) => value);
    const highest =
      rates[0]! < 0.01 ? 'none tells' : `${dimensionsFor(each, 0.9)} dimensions hold 90% of the rate, and none tells`;
    return (
      `In ${each.label} training ${withInterval(overSeeds(each, activeUnits(ACTIVE)))} of ${latents} units are active; ${highest} ` +
      `more than ${short(rates[0]!)} nats. Var z_d runs from ${short(Math.min(...variances))} to ` +
      `${short(Math.max(...variances))}, and ‖z‖ is ${withInterval(meanRadius(each))} on average.`
    );
  });
  return `${told.join(' ')} N(0, I) has variance 1 everywhere and a mean ‖z‖ of ${short(chiMean(latents))}. Without an active unit that fit is no success: such codes tell nothing of their image.`;
};

const reading = (study: Study, { all, pair }: Shown): string => {
  const n = pair[0]!.codes[0]!.n;
  const seeds = Math.max(...all.map(({ codes }) => codes.length));
  const own = pair.map(({ label }) => label);
  return [
    `One draw z ~ q(z|x) for each of ${integer(n)} test images. ${listed(own)} against N(0, 1) dotted, ‖z‖ against χ. The small panels are the ` +
      `dimensions of highest KL of each, ranked on their own; the label names the dimension of ${own[0]}${seeds > 1 ? `, seed ${study.seeds[0]}` : ''}.`,
    seeds > 1
      ? `Else means over ${seeds} seeds, with bands and thin lines from the lowest to the highest seed; of active units the thin line is the 95% interval over seeds.`
      : `Seed ${listed(study.seeds.map(String))}: no interval over seeds.`,
    `A unit is active when the variance of its μ over images is above ${ACTIVE}.`,
  ].join(' ');
};

const description = ({ pair, all }: Shown, latents: number): string =>
  `Densities of z over all dimensions and of the eight dimensions with the highest KL, for ${listed(pair.map(({ label }) => label))}, with N(0, 1) dotted; ` +
  `density of the norm of z with the chi distribution of ${latents} dimensions dotted; bars of the KL of each dimension, the highest first; ` +
  `active units: ${listed(all.map((each) => `${each.label} ${short(overSeeds(each, activeUnits(ACTIVE)).value)}`))}.`;

const dataOf = ({ all, pair, compared }: Shown): string => {
  const histograms = pair.flatMap((each) =>
    each.codes.flatMap((codes, seed) => {
      const marginals = codes.marginals.filter(({ dimension }) => seed === 0 || dimension === 'all');
      return [
        ...marginals.map(({ dimension, histogram }) => ['density of z', dimension, histogram] as const),
        ['density of ‖z‖', '', codes.radius] as const,
      ].flatMap(([quantity, dimension, histogram]) => {
        const density = densityAt(histogram);
        return histogram.edges
          .slice(0, -1)
          .map((edge, i) => ({ centre: rounded((edge + histogram.edges[i + 1]!) / 2), count: histogram.counts[i]! }))
          .filter(({ count }) => count > 0)
          .map(({ centre }) => [quantity, each.label, codes.seed, dimension, centre, rounded(density(centre))]);
      });
    }),
  );
  const rates = compared.flatMap((each) =>
    each.codes.flatMap(({ seed, dimensionRate }) =>
      dimensionRate.map((rate, d) => ['KL of the dimension', each.label, seed, d, '', rounded(rate)]),
    ),
  );
  const active = all.flatMap((each) =>
    each.codes.flatMap(({ seed, activeUnits: counted }) =>
      counted.map(({ threshold, count }) => ['units with Var(mu) above x', each.label, seed, '', threshold, count]),
    ),
  );
  return csv(['quantity', 'series', 'seed', 'dimension', 'x', 'value'], [...histograms, ...rates, ...active]);
};

export const codesTitle = title;
