import { band, type Interval, interval } from '../../latent/numbers/index.js';
import type { KlEstimator, RegimeName } from '../../vae/training/index.js';
import type { CurvePoint, Estimate, FinalValues, RunResult, Study } from '../studies/study.js';
import { type ColourName, colour } from './palette.js';
import { klNames, regimeNames } from './words.js';

/** A run that was evaluated at least once. */
export type MeasuredRun = RunResult & { readonly final: FinalValues };

const isMeasured = (run: RunResult): run is MeasuredRun => run.final !== undefined && run.curve.length > 0;

/** The runs of one regime and estimator, over all seeds: one line in a figure. */
export interface Series {
  /** `joint-analytic`; also the CSS class of its lines, labels and rows. */
  readonly id: string;
  readonly regime: RegimeName;
  readonly kl: KlEstimator;
  readonly label: string;
  readonly colour: string;
  readonly dashed: boolean;
  /** The measured runs that were finished; where none was, all measured ones. */
  readonly runs: readonly MeasuredRun[];
  /** All runs, failed and interrupted ones too. */
  readonly all: readonly RunResult[];
}

export interface TracePoint {
  readonly epoch: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export type Quantity = keyof FinalValues;
export const quantities: readonly Quantity[] = ['rate', 'rateMc', 'score', 'elbo', 'momentKl', 'momentKlDraws'];

const order: readonly RegimeName[] = ['joint', 'encoder-only', 'separate', 'tandem', 'random-z'];

const colourOf = (regime: RegimeName, kl: KlEstimator): ColourName => {
  if (regime !== 'encoder-only') return regime;
  return kl === 'mc' ? 'encoder-mc' : 'encoder-analytic';
};

/** The series of a study, in the order of the regimes; within a regime the analytic estimator comes first. */
export const seriesOf = (study: Study): Series[] =>
  order.flatMap((regime) => {
    const estimators = (['analytic', 'mc'] as const).filter((kl) =>
      study.runs.some((run) => run.regime === regime && run.kl === kl),
    );
    return estimators.map((kl): Series => {
      const all = study.runs.filter((run) => run.regime === regime && run.kl === kl);
      const measured = all.filter(isMeasured);
      const done = measured.filter((run) => run.state === 'done');
      const told = estimators.length > 1 || regime === 'encoder-only';
      return {
        id: `${regime}-${kl}`,
        regime,
        kl,
        label: told ? `${regimeNames[regime]} (${klNames[kl]})` : regimeNames[regime],
        colour: colour(colourOf(regime, kl)),
        dashed: kl === 'mc' && regime !== 'encoder-only' && estimators.length > 1,
        runs: done.length > 0 ? done : measured,
        all,
      };
    });
  });

const signed = (estimate: Estimate, sign: 1 | -1): Estimate => ({ ...estimate, value: sign * estimate.value });

/** A quantity over training: at every step that all runs of the series evaluated. */
export const trace = (series: Series, quantity: Quantity, sign: 1 | -1 = 1): TracePoint[] => {
  const [first, ...others] = series.runs;
  if (first === undefined) return [];
  const bySteps = others.map((run) => new Map(run.curve.map((point) => [point.step, point])));
  return first.curve.flatMap((point): TracePoint[] => {
    const points = [point, ...bySteps.map((steps) => steps.get(point.step))].filter(
      (candidate): candidate is CurvePoint => candidate !== undefined,
    );
    if (points.length < series.runs.length) return [];
    return [{ epoch: point.epoch, ...band(points.map((each) => signed(each[quantity], sign))) }];
  });
};

/** The final value with its 95% interval: over test images for one seed, over seeds for several. */
export const finalOf = (series: Series, quantity: Quantity, sign: 1 | -1 = 1): Interval | undefined =>
  series.runs.length === 0 ? undefined : interval(series.runs.map((run) => signed(run.final[quantity], sign)));
