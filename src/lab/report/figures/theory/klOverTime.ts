import * as Plot from '@observablehq/plot';
import type { TheoryPaths, TheorySummary } from '../../../theory/index.js';
import { csv } from '../../csv.js';
import { colour } from '../../palette.js';
import type { Figure } from '../figure.js';
import { assemble, rounded, rowsOf } from './assemble.js';
import { curve, LAYERS, type Layer, zip } from './curve.js';
import { drawFrame, note, plain, type Size } from './frame.js';

const name = 'theory-kl-over-time';
const title = 'Does the KL ever rise on the way?';
const TIME_LABEL = 't, natural time';
const LAST = 16;
/** The range of dKL/dt in which the heavy ball's rises show; the first fall of gradient flow is far below it. */
const RATES = [-1.5, 0.5] as const;

const klPanel = ({ flow, ball }: TheoryPaths, size: Size, named: boolean): string =>
  drawFrame({
    ...size,
    x: { label: TIME_LABEL, domain: [0, LAST] },
    y: {
      label: 'KL, and energy of the ball  (nats)',
      domain: [1e-6, 6],
      type: 'log',
      ticks: [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1],
    },
    marks: [
      curve(
        LAYERS.bound,
        zip(
          flow.t,
          flow.t.map((t) => flow.kl[0]! * Math.exp(-2 * t)),
        ),
      ),
      curve(LAYERS.energy, zip(ball.t, ball.energy), 1.5),
      curve(LAYERS.ball, zip(ball.t, ball.kl)),
      curve(LAYERS.flow, zip(flow.t, flow.kl), 2.5),
      ...(named
        ? [
            note([5, 4.6e-5], LAYERS.flow.label, LAYERS.flow.colour, { anchor: 'end', dx: -10, dy: 8 }, 'flow'),
            note([5, 1.2e-4], LAYERS.bound.label, LAYERS.bound.colour, { dx: 14 }, 'bound'),
            note([11.6, 1e-3], LAYERS.ball.label, LAYERS.ball.colour, { dy: 14, anchor: 'end' }, 'ball'),
            note([8, 0.14], LAYERS.energy.label, LAYERS.energy.colour, { dy: -6 }, 'energy'),
          ]
        : []),
    ],
  });

const ratePanel = ({ flow, ball }: TheoryPaths, size: Size): string =>
  drawFrame({
    ...size,
    x: { label: TIME_LABEL, domain: [0, 10] },
    y: { label: 'dKL/dt  (nats per unit time)', domain: RATES, ticks: [-1.5, -1, -0.5, 0, 0.5] },
    marks: [
      Plot.areaY(zip(ball.t, ball.dkl), {
        x: (point: readonly number[]) => point[0],
        y1: 0,
        y2: (point: readonly number[]) => Math.max(0, point[1]!),
        fill: LAYERS.ball.colour,
        fillOpacity: 0.25,
        clip: true,
      }),
      Plot.ruleY([0], { stroke: colour('ink') }),
      curve(LAYERS.ball, zip(ball.t, ball.dkl)),
      curve(LAYERS.flow, zip(flow.t, flow.dkl), 2.5),
      note([2.7, 0.3], 'here the KL of the ball rises', LAYERS.ball.colour, {}),
    ],
  });

/** KL and its rate along gradient flow and heavy ball: a Lyapunov function of the one, and not of the other. Nats, natural time. */
export const klOverTime = (summary: TheorySummary, paths: TheoryPaths): Figure => {
  const [small, phone] = [
    { width: 468, height: 330 },
    { width: 348, height: 280 },
  ];
  const drawn = (size: Size, named: boolean) => [
    { ...size, svg: klPanel(paths, size, named) },
    { ...size, svg: ratePanel(paths, size) },
  ];
  const layers: Layer[] = [LAYERS.flow, LAYERS.bound, LAYERS.ball, LAYERS.energy];
  return assemble({
    name,
    title,
    answer: answer(summary),
    reading: reading(paths),
    description: description(summary),
    csv: dataOf(paths),
    layers,
    wide: rowsOf(960, [drawn(small, true)]),
    narrow: rowsOf(
      348,
      drawn(phone, false).map((panel) => [panel]),
    ),
  });
};

const answer = ({ flow, ball }: TheorySummary): string =>
  `Under gradient flow never: from ${flow.starts.length} starts dKL/dt = −|∇KL|² is nowhere above ${plain(flow.kl.largestRate)}, and the KL loses at ` +
  `least ${plain(flow.decay.slowestRate)} times itself per unit time, so it stays ${flow.decay.exponential ? '' : 'mostly '}under KL(0) e⁻²ᵗ: ` +
  '(0, 1) is stable from everywhere. Along the heavy ball it does rise, again and again, by up to ' +
  `${plain(ball.kl.largestRate)} nats per unit time. What never rises there is the energy, KL + ½ |v|².`;

const reading = ({ flow, ball }: TheoryPaths): string =>
  `Both start at μ = ${plain(flow.mu[0]!)}, σ = ${plain(flow.sigma[0]!)}, at ${plain(flow.kl[0]!)} nats; the ball at rest, with friction ${ball.friction}. ` +
  `At t = 0 gradient flow falls at ${plain(-flow.dkl[0]!)} nats per unit time, below the frame of dKL/dt. Each touch of the ball's KL on its ` +
  'energy is a turning point, where it stands still.';

const description = ({ ball }: TheorySummary): string =>
  'Left: KL over time on a logarithmic axis. Gradient flow falls as a straight line just under its bound; the heavy ball falls in ' +
  'waves below its energy, which only falls. Right: dKL/dt over time. Gradient flow stays below zero; the heavy ball goes above zero again and ' +
  `again, at most to ${plain(ball.kl.largestRate)}.`;

const dataOf = ({ flow, ball }: TheoryPaths): string =>
  csv(
    ['path', 't', 'kl', 'dkl_dt', 'energy', 'denergy_dt'],
    [
      ...flow.t.map((t, i) => [flow.law, rounded(t), rounded(flow.kl[i]!), rounded(flow.dkl[i]!), '', '']),
      ...ball.t.map((t, i) => [
        ball.law,
        ...[t, ball.kl[i]!, ball.dkl[i]!, ball.energy[i]!, ball.denergy[i]!].map(rounded),
      ]),
    ],
  );
