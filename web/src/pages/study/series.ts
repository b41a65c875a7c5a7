/** The runs of a study that differ in the seed alone, as one line of a figure. */
import type { RunResult, Study } from '../../../../src/lab/studies/study.js';
import { type Interval, interval } from '../../../../src/latent/numbers/index.js';
import type { CurvePoint } from '../../../../src/vae/training/index.js';
import type { Curve, CurveAt } from '../../figures/Curves.js';
import { isDashed, kindOf, type Quantity, REGIMES, regimeColour, shortKind } from '../../runs/look.js';

export interface Series {
  readonly name: string;
  /** At the end of its line. */
  readonly label: string;
  readonly colour: string;
  readonly dashed: boolean;
  readonly regime: RunResult['regime'];
  /** The runs that are done and were evaluated; where there is none, all that were evaluated. */
  readonly runs: readonly RunResult[];
}

export const seriesOf = ({ runs }: Study): Series[] =>
  REGIMES.flatMap((regime) =>
    (['analytic', 'mc'] as const).flatMap((kl) => {
      const all = runs.filter((run) => run.regime === regime && run.kl === kl && run.curve.length > 0);
      const done = all.filter(({ state }) => state === 'done');
      if (all.length === 0) return [];
      const told = { regime, kl };
      return [
        {
          ...{ name: kindOf(told), label: shortKind(told), colour: regimeColour(told), dashed: isDashed(told), regime },
          runs: done.length > 0 ? done : all,
        },
      ];
    }),
  );

/** Mean over seeds with its 95% interval (Student’s t), at every step that all seeds were evaluated at; of one seed over test images. */
const traceOf = ({ runs }: Series, quantity: Quantity): CurveAt[] => {
  const [first, ...others] = runs.map(({ curve }) => curve);
  const bySteps = others.map((curve) => new Map(curve.map((point) => [point.step, point])));
  return first!.flatMap((point) => {
    const all = [point, ...bySteps.map((steps) => steps.get(point.step))].filter(
      (p): p is CurvePoint => p !== undefined,
    );
    if (all.length < runs.length) return [];
    const { value, half } = interval(all.map((each) => each[quantity]));
    return [{ x: point.epoch, value, low: value - half, high: value + half }];
  });
};

export const curveOf = (series: Series, quantity: Quantity): Curve => ({
  ...{ name: series.name, label: series.label, colour: series.colour, dashed: series.dashed },
  points: traceOf(series, quantity),
});

export const finalOf = ({ runs }: Series, quantity: Quantity): Interval | undefined => {
  const finals = runs.flatMap(({ final }) => (final ? [final[quantity]] : []));
  return finals.length > 0 ? interval(finals) : undefined;
};
