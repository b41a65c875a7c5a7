import type { CurvePoint } from '../../../../src/vae/training/index.js';
import type { Table } from '../../figures/save.js';
import type { Line } from '../../figures/TimeChart.js';
import type { Trained } from './session.js';

export type Quantity = 'rate' | 'score' | 'elbo' | 'momentKlDraws';

const COLOURS: Readonly<Record<string, string>> = {
  'encoder-only analytic': 'var(--encoder-analytic)',
  'encoder-only mc': 'var(--encoder-mc)',
  'random-z analytic': 'var(--random-z)',
  'random-z mc': 'var(--random-z)',
};

export const colourOf = ({ config: { regime, kl } }: Trained): string =>
  COLOURS[`${regime} ${kl}`] ?? `var(--${regime})`;

/** Curves of several trainings over the steps of all of them; null where one was not measured. */
export const curvesOf = (
  all: readonly Trained[],
  quantity: Quantity,
): { readonly at: readonly number[]; readonly lines: readonly Line[] } => {
  const at = [...new Set(all.flatMap(({ curve }) => curve.map(({ step }) => step)))].sort((a, b) => a - b);
  const lines = all.map((each): Line => {
    const byStep = new Map(each.curve.map((point) => [point.step, point[quantity].value]));
    return {
      name: each.name,
      colour: colourOf(each),
      values: at.map((step) => byStep.get(step) ?? null),
      ...(each.config.kl === 'mc' && each.config.regime !== 'encoder-only' && { dash: [6, 4] }),
    };
  });
  return { at, lines };
};

const measured = ({ step, epoch, rate, score, elbo, momentKlDraws }: CurvePoint): number[] => [
  step,
  epoch,
  ...[rate, score, elbo, momentKlDraws].flatMap(({ value, se }) => [value, se]),
];

export const curveTable = (all: readonly Trained[]) => (): Table => ({
  header: [
    'training',
    'step',
    'epoch',
    ...['rate', 'score', 'elbo', 'moment_kl_draws'].flatMap((name) => [name, `${name}_se`]),
  ],
  rows: all.flatMap(({ name, curve }) => curve.map((point) => [name, ...measured(point)])),
});
