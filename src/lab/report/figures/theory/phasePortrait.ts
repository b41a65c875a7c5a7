import * as Plot from '@observablehq/plot';
import { short } from '../../../../latent/numbers/index.js';
import { axis, gradientFlowField } from '../../../../latent/theory/index.js';
import type { RegimeProbes, TheoryPaths, TheorySummary } from '../../../theory/index.js';
import { csv } from '../../csv.js';
import { colour } from '../../palette.js';
import { listed } from '../../words.js';
import type { Figure } from '../figure.js';
import { niceSteps } from '../ticks.js';
import { assemble, GAP, rounded, rowsOf } from './assemble.js';
import { complexPair } from './complexPair.js';
import { apart, curve, dots, fixedPoint, LAYERS, zip } from './curve.js';
import { drawFrame, evenHeight, note, plain, type Size } from './frame.js';
import { type Area, klLines } from './klContours.js';
import { probePanels } from './probePanels.js';

const name = 'theory-phase-portrait';
const title = 'Where does the KL pull a code?';
const WIDE: Area = { mu: [-2.6, 2.6], sigma: [0, 2.6] };
const NARROW: Area = { mu: [-1.3, 2.5], sigma: [0, 2] };
/** Between arrows, in units of the plane. */
const SPACING = 0.2;

interface Arrow {
  readonly mu: number;
  readonly sigma: number;
  readonly speed: number;
  readonly rotate: number;
}

const steps = ([low, high]: readonly [number, number]): number[] =>
  niceSteps(low + SPACING / 2, high - SPACING / 2, Math.round((high - low) / SPACING));

const arrows = ({ mu, sigma }: Area): Arrow[] =>
  steps(sigma).flatMap((y) =>
    steps(mu)
      .filter((x) => Math.hypot(x, y - 1) > 0.1)
      .map((x) => {
        const [dMu, dSigma] = gradientFlowField(x, y);
        return { mu: x, sigma: y, speed: Math.hypot(dMu, dSigma), rotate: (Math.atan2(dMu, dSigma) * 180) / Math.PI };
      }),
  );

/** Arrows grow with the pull, up to a length that leaves room between them. */
const arrowMarks = (area: Area, longest: number): Plot.Markish =>
  Plot.vector(arrows(area), {
    x: 'mu',
    y: 'sigma',
    rotate: 'rotate',
    length: ({ speed }: Arrow) => (longest * speed) / (speed + 1),
    stroke: colour('muted'),
    strokeOpacity: 0.55,
    strokeWidth: 1,
  });

/** Points of a trajectory at whole times, the start left out. */
const wholeTimes = (t: readonly number[], x: readonly number[], y: readonly number[], last: number) =>
  zip(x, y).filter((_, i) => t[i]! > 0 && t[i]! <= last && Math.abs(t[i]! - Math.round(t[i]!)) < 1e-9);

interface View {
  readonly area: Area;
  readonly size: Size;
  readonly longest: number;
  /** Names stand beside the paths; without, the legend tells them. */
  readonly named: boolean;
}

const viewOf = (area: Area, width: number, longest: number, named: boolean): View => ({
  area,
  size: { width, height: evenHeight(width, area.mu, area.sigma) },
  longest,
  named,
});

const plane = ({ flow, ball }: TheoryPaths, { area, size, longest, named }: View): string =>
  drawFrame({
    ...size,
    x: { label: 'μ, mean of the code', domain: area.mu, ticks: niceSteps(...area.mu, 5) },
    y: { label: 'σ, standard deviation of the code', domain: area.sigma, ticks: niceSteps(...area.sigma, 5) },
    grid: false,
    marks: [
      ...klLines(),
      arrowMarks(area, longest),
      curve(LAYERS.ball, apart(zip(ball.mu, ball.sigma))),
      curve(LAYERS.flow, apart(zip(flow.mu, flow.sigma)), 2.5),
      dots(wholeTimes(ball.t, ball.mu, ball.sigma, 6), { fill: LAYERS.ball.colour, id: 'ball' }),
      dots(wholeTimes(flow.t, flow.mu, flow.sigma, 3), { fill: LAYERS.flow.colour, id: 'flow' }),
      dots([[flow.mu[0]!, flow.sigma[0]!]], { fill: colour('ink'), r: 4.5 }),
      fixedPoint(),
      note([flow.mu[0]!, flow.sigma[0]!], 'start', colour('ink'), { dx: 8, dy: 8, size: 13 }),
      note([0, 1], '(0, 1)', colour('ink'), { dx: -12, dy: -16, anchor: 'end', size: 13 }),
      ...(named
        ? [
            note([0.55, 0.62], LAYERS.flow.label, LAYERS.flow.colour, { size: 13 }, 'flow'),
            note(
              [0.75, 1.36],
              `heavy ball, friction ${ball.friction}`,
              LAYERS.ball.colour,
              { dy: -18, size: 13 },
              'ball',
            ),
          ]
        : []),
    ],
  });

/** A coordinate against its own speed: there a spiral is a spiral, and gradient flow a line. */
const speedPanel = ({ flow, ball }: TheoryPaths, coordinate: 'mu' | 'sigma', size: Size): Size & { svg: string } => {
  const isMu = coordinate === 'mu';
  const symbol = isMu ? 'μ' : 'σ';
  const flowing = axis(flow[coordinate][0]!, isMu ? 0 : 1, 81);
  const speeds = flowing.map((x) => (isMu ? gradientFlowField(x, 1)[0] : gradientFlowField(0, x)[1]));
  const svg = drawFrame({
    ...size,
    x: { label: symbol, domain: isMu ? [-1.2, 2.2] : [0.2, 1.8], ticks: isMu ? [-1, 0, 1, 2] : [0.5, 1, 1.5] },
    y: {
      label: `d${symbol}/dt  (per unit time)`,
      domain: isMu ? [-2.2, 1] : [-1, 3.2],
      ticks: isMu ? [-2, -1, 0, 1] : [-1, 0, 1, 2, 3],
    },
    marks: [
      curve(LAYERS.ball, zip(ball[coordinate], isMu ? ball.velocityMu : ball.velocitySigma)),
      curve(LAYERS.flow, zip(flowing, speeds), 2.5),
      fixedPoint([isMu ? 0 : 1, 0], 4),
    ],
  });
  return { ...size, svg };
};

/**
 * The flow of the KL on the (μ, σ) plane, a gradient-flow and a heavy-ball trajectory to (0, 1), and, given measured probes, one
 * panel a regime with the way of real codes over training.
 */
export const phasePortrait = (
  summary: TheorySummary,
  paths: TheoryPaths,
  probes: readonly RegimeProbes[] = [],
): Figure => {
  const [large, phone] = [viewOf(WIDE, 640, 17, true), viewOf(NARROW, 348, 14, false)];
  const side = { width: 296, height: (large.size.height - GAP) / 2 };
  const below = { width: 348, height: 220 };
  const measured = probePanels(probes);
  const wide = rowsOf(960, [[{ ...large.size, svg: plane(paths, large) }], ...measured.wide]);
  const speeds = [speedPanel(paths, 'mu', side), speedPanel(paths, 'sigma', side)];
  return assemble({
    name,
    title,
    answer: answer(summary),
    reading: reading(summary, probes),
    description: description(probes),
    csv: dataOf(paths, probes),
    layers: [LAYERS.flow, { ...LAYERS.ball, label: `heavy ball, friction ${summary.ball.friction}` }],
    wide: {
      ...wide,
      panels: [
        ...wide.panels,
        ...speeds.map(({ svg }, i) => ({ svg, x: 960 - side.width, y: i * (side.height + GAP) })),
      ],
    },
    narrow: rowsOf(348, [
      [{ ...phone.size, svg: plane(paths, phone) }],
      [speedPanel(paths, 'mu', below)],
      [speedPanel(paths, 'sigma', below)],
      ...measured.narrow,
    ]),
  });
};

const answer = ({ flow, ball }: TheorySummary): string =>
  `To (0, 1), from everywhere. Under gradient flow (0, 1) is a ${flow.kind}: its eigenvalues are ` +
  `${listed(flow.eigenvalues.map(({ re }) => plain(re)))} per unit time, so σ arrives before μ and neither passes its end. A heavy ` +
  `ball with friction ${ball.friction} has ${complexPair(ball.eigenvalues.mu)} in μ and ${complexPair(ball.eigenvalues.sigma)} in σ: a ` +
  `${ball.kind}. Here μ passes its end ${ball.winding.crossings.mu} times and σ ${ball.winding.crossings.sigma} times. From friction ` +
  `${plain(ball.criticalFriction.mu)} on μ no longer spirals, from ${plain(ball.criticalFriction.sigma)} on neither does σ.`;

const reading = ({ flow }: TheorySummary, probes: readonly RegimeProbes[]): string =>
  'Arrows point along −∇KL, longer where the pull is stronger; thin lines join points of equal KL. Dots along the paths are one unit of ' +
  'time apart, the time in which μ decays by e under gradient flow. The small panels show each coordinate against its own speed, where a spiral ' +
  `shows as one. Closed form and integration of the flow differ by at most ${short(Math.max(flow.difference.mu, flow.difference.sigma))} from ` +
  `${flow.starts.length} starts over 20 units of time.` +
  (probes.length === 0
    ? ''
    : ' Below: measured codes of single images and latent dimensions over training; a dot is where one ends. Their mean distance from (0, 1) is ' +
      `${listed(probes.map((each) => `${short(endDistance(each))} for ${each.label}`))}. With a decoder to serve, the fixed point moves off (0, 1).`);

/** Mean distance from (0, 1) of where the paths of a regime end. */
const endDistance = ({ paths }: RegimeProbes): number =>
  paths.reduce((sum, { mu, sigma }) => sum + Math.hypot(mu.at(-1)!, sigma.at(-1)! - 1), 0) / paths.length;

const description = (probes: readonly RegimeProbes[]): string =>
  'Arrows over the plane of μ and σ all lead to (0, 1). From μ = 2, σ = 0.3 the gradient flow bends up to σ = 1 and then runs straight left; ' +
  'the heavy ball overshoots and winds around (0, 1) in shrinking loops. Two small panels show μ and σ against their speeds: a line for ' +
  'gradient flow, a spiral for the heavy ball.' +
  (probes.length === 0 ? '' : ` Measured paths of probe images for ${listed(probes.map(({ label }) => label))}.`);

/** `t` is natural time on the theory's paths, and the number of the evaluation on measured ones. */
const dataOf = ({ flow, ball }: TheoryPaths, probes: readonly RegimeProbes[]): string =>
  csv(
    ['path', 'image', 'dimension', 't', 'mu', 'sigma', 'mu_speed', 'sigma_speed'],
    [
      ...flow.t.map((t, i) => {
        const [dMu, dSigma] = gradientFlowField(flow.mu[i]!, flow.sigma[i]!);
        return [flow.law, '', '', ...[t, flow.mu[i]!, flow.sigma[i]!, dMu, dSigma].map(rounded)];
      }),
      ...ball.t.map((t, i) => [
        ball.law,
        '',
        '',
        ...[t, ball.mu[i]!, ball.sigma[i]!, ball.velocityMu[i]!, ball.velocitySigma[i]!].map(rounded),
      ]),
      ...probes.flatMap(({ label, paths }) =>
        paths.flatMap(({ image, dimension, mu, sigma }) =>
          mu.map((value, i) => [label, image, dimension, i, rounded(value), rounded(sigma[i]!), '', '']),
        ),
      ),
    ],
  );
