import { type Interval, interval } from '../../../../latent/numbers/index.js';
import type { CodesSummary, RunResult, Study } from '../../../studies/study.js';
import { type Series, seriesOf } from '../../series.js';
import { isTrained } from '../../words.js';
import type { Layer } from '../theory/curve.js';

type CodedRun = RunResult & { readonly codes: CodesSummary };

/** A series with the codes of its finished runs. */
export interface Coded extends Layer {
  readonly series: Series;
  /** One summary a seed. */
  readonly codes: readonly CodesSummary[];
}

/** The series that have a trained encoder and a summary of its codes. */
export const codedOf = (study: Study): Coded[] =>
  seriesOf(study).flatMap((series): Coded[] => {
    const runs = series.all.filter(
      (run): run is CodedRun => run.state === 'done' && run.codes !== undefined && isTrained(run, 'encoder'),
    );
    if (runs.length === 0) return [];
    const { id, label, colour, dashed } = series;
    return [
      { id, label, colour, ...(dashed && { dash: 'dashed' as const }), series, codes: runs.map((run) => run.codes) },
    ];
  });

/** Mean over seeds, with Student's interval where there are several; of one seed the number alone. */
export const overSeeds = ({ codes }: Coded, of: (summary: CodesSummary) => number): Interval =>
  interval(codes.map((summary) => ({ value: of(summary), se: 0, n: summary.n })));

/** Units with Var(μ) above a threshold. */
export const activeUnits =
  (threshold: number) =>
  ({ activeUnits: counted }: CodesSummary): number =>
    counted.find((each) => each.threshold === threshold)?.count ?? Number.NaN;

export interface Ranked {
  /** From 1 on; 1 has the highest rate. */
  readonly rank: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Rates of the dimensions from the highest to the lowest: mean over seeds rank by rank, and range. */
export const rankedRates = ({ codes }: Coded): Ranked[] => {
  const sorted = codes.map(({ dimensionRate }) => [...dimensionRate].sort((a, b) => b - a));
  return sorted[0]!.map((_, i) => {
    const values = sorted.map((rates) => rates[i] ?? 0);
    const value = values.reduce((sum, each) => sum + each, 0) / values.length;
    return { rank: i + 1, value, low: Math.min(...values), high: Math.max(...values) };
  });
};
