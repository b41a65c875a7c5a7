import { ChartFigure } from '../../figures/ChartFigure.js';
import type { Table } from '../../figures/save.js';
import type { MeasuredPaths } from './measured.js';

const tableOf = ({ at, paths }: MeasuredPaths): Table => ({
  header: ['step', 'image', 'dimension', 'mu', 'sigma'],
  rows: paths.flatMap(({ image, dimension, mu, sigma }) =>
    at.map((step, i) => [step, image, dimension, mu[i]!, sigma[i]!]),
  ),
});

/** Change of the KL per step, between one evaluation and the next. */
const slopes = ({ at, kl }: MeasuredPaths): (number | null)[] =>
  kl.map((value, i) => (i === 0 ? null : (value - kl[i - 1]!) / (at[i]! - at[i - 1]!)));

export interface MeasuredFigureProps {
  readonly width: number;
  readonly measured: MeasuredPaths;
  readonly shown: number;
}

/** KL of a run's probe codes over its training, and how fast it changed. */
export const MeasuredFigure = ({ width, measured, shown }: MeasuredFigureProps) => {
  const { name, regime, at, kl } = measured;
  const chart = width > 820 ? Math.floor((width - 32) / 2) : width;
  const step = shown * at.at(-1)!;
  const cut = (values: readonly (number | null)[]): (number | null)[] =>
    values.map((value, i) => (at[i]! <= step ? value : null));
  const colour = `var(--${regime === 'encoder-only' ? 'encoder-analytic' : regime})`;
  const most = Math.max(...kl);
  const changes = slopes(measured);
  const rises = changes.flatMap((change) => (change !== null && change > 0 ? [change] : []));
  return (
    <div class="pair">
      <ChartFigure
        title="Which way did the run’s codes go?"
        name="measured-kl"
        table={() => tableOf(measured)}
        caption={`${name}: mean KL of ${measured.paths.length} measured codes, from ${kl[0]!.toPrecision(2)} over at most ${most.toPrecision(3)} to ${kl.at(-1)!.toPrecision(3)} nats a dimension.`}
        chart={{
          width: chart,
          x: 'step',
          y: 'KL, nats a dimension',
          at,
          lines: [{ name: 'measured KL', values: cut(kl), colour }],
        }}
      />
      <ChartFigure
        title="How fast did they move?"
        name="measured-dkl"
        table={() => tableOf(measured)}
        caption={`It rose between ${rises.length} of ${at.length - 1} pairs of evaluations${rises.length > 0 ? `, at most by ${Math.max(...rises).toPrecision(2)} nats a step` : ''}.`}
        chart={{
          width: chart,
          x: 'step',
          y: 'ΔKL a step, nats',
          at,
          lines: [{ name: 'ΔKL a step', values: cut(changes), colour }],
        }}
      />
    </div>
  );
};
