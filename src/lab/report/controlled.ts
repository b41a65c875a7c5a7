import { type Interval, interval } from '../../latent/numbers/index.js';
import type { Controls, Estimate, ImageEstimates, RunResult, Study } from '../studies/study.js';
import { type ColourName, colour } from './palette.js';
import { type Series, seriesOf } from './series.js';

/** Where z came from, in the order in which it is told. */
export const SOURCES = ['posterior', 'fitted', 'prior'] as const;
export type Source = (typeof SOURCES)[number];

export const sourceNames: Readonly<Record<Source, string>> = {
  posterior: 'z of held-out images',
  fitted: 'z from a fitted q(z)',
  prior: 'z from N(0, I)',
};

const COLOURS: Readonly<Record<Source, ColourName>> = { posterior: 'joint', fitted: 'encoder-mc', prior: 'normal' };

export const sourceColour = (source: Source): string => colour(COLOURS[source]);

export type ControlledRun = RunResult & { readonly controls: Controls };

/** A regime and estimator with the finished runs that were measured with z of three sources. */
export interface ControlledSeries {
  readonly series: Series;
  readonly runs: readonly ControlledRun[];
}

export const controlledSeries = (study: Study): ControlledSeries[] =>
  seriesOf(study)
    .map((series) => ({
      series,
      runs: series.runs.filter((run): run is typeof run & ControlledRun => run.controls !== undefined),
    }))
    .filter(({ runs }) => runs.length > 0);

/** A number of every run that has it, as a mean with its 95% interval: over seeds where there are several. */
export const overRuns = (
  runs: readonly ControlledRun[],
  of: (controls: Controls) => Estimate | undefined,
): (Interval & { readonly runs: number }) | undefined => {
  const estimates = runs.flatMap(({ controls }) => of(controls) ?? []);
  return estimates.length > 0 ? { ...interval(estimates), runs: estimates.length } : undefined;
};

/** One measure of decoded draws of a source. */
export const imageMeasure =
  (source: Source, measure: keyof ImageEstimates) =>
  (controls: Controls): Estimate | undefined =>
    controls[source]?.images?.[measure];
