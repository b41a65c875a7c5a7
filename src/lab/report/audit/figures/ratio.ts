import * as Plot from '@observablehq/plot';
import { type AuditResult, isMeasured } from '../../../../latent/audit/index.js';
import { percent, withError } from '../../../../latent/audit/reading/index.js';
import { integer, short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { legendPanel } from '../../figures/legendPanel.js';
import { rounded, rowsOf } from '../../figures/theory/assemble.js';
import { curve, type Layer } from '../../figures/theory/curve.js';
import { drawFrame, note, plain, type Size } from '../../figures/theory/frame.js';
import { colour } from '../../palette.js';
import { type Bin, binsOf, coarser, stepsOf } from '../density.js';
import { auditFigure, CODES, type Drawn, HOLES } from '../drawing.js';

const name = 'audit-ratio';
const title = 'How much of the prior looks like no code?';
const DRAWS: Layer = { id: 'draws', label: 'draws of N(0, I)', colour: colour('normal'), dash: 'dashed' };
const HELD_OUT: Layer = { ...CODES, label: 'held-out codes' };

type Ratio = NonNullable<AuditResult['panels']['ratio']>;

const below = (bins: readonly Bin[], threshold: number): Bin[] =>
  bins.filter(({ low }) => low < threshold).map((bin) => ({ ...bin, high: Math.min(bin.high, threshold) }));

const panel = ({ codes, prior, threshold }: Ratio, size: Size, words: { mass: string; threshold: string }): Drawn => {
  const [first, last] = [codes.edges[0]!, codes.edges.at(-1)!];
  const width = (last - first) / 60;
  const [code, draw] = [coarser(binsOf(codes), width), coarser(binsOf(prior), width)];
  const high = 1.12 * Math.max(...code.map(({ density }) => density), ...draw.map(({ density }) => density));
  const shaded = stepsOf(below(draw, threshold));
  const area = (points: readonly (readonly [number, number])[], { colour: fill, id }: Layer, opacity: number) =>
    Plot.areaY(points, { x: (p) => p[0], y1: 0, y2: (p) => p[1], fill, fillOpacity: opacity, className: `s s-${id}` });
  const left = threshold > first + 0.45 * (last - first);
  const svg = drawFrame({
    ...size,
    x: { label: 'r(z) = ln q(z) − ln p(z)  (nats)', domain: [first, last] },
    y: { label: 'Density', domain: [0, high], format: plain },
    marks: [
      area(stepsOf(code), HELD_OUT, 0.22),
      ...(shaded.length > 0 ? [area(shaded, HOLES, 0.5)] : []),
      curve(HELD_OUT, stepsOf(code), 1.5),
      curve(DRAWS, stepsOf(draw), 1.8),
      Plot.ruleX([threshold], { stroke: HOLES.colour, strokeWidth: 1.8 }),
      note([threshold, high], words.threshold, colour('ink'), {
        dx: left ? -8 : 8,
        dy: 10,
        anchor: left ? 'end' : 'start',
      }),
      note([threshold, high], words.mass, HOLES.colour, {
        dx: left ? -8 : 8,
        dy: 28,
        anchor: left ? 'end' : 'start',
        size: 13,
      }),
    ],
  });
  return { ...size, svg };
};

/** r(z) of held-out codes and of prior draws, with the threshold that makes a hole; undefined where r was not measured. */
export const ratio = (result: AuditResult): Figure | undefined => {
  const { ratio: shown } = result.panels;
  const { holeMass } = result.statistics;
  if (!shown) return undefined;
  const mass = isMeasured(holeMass) ? percent(holeMass.value) : 'not known';
  const words = { threshold: `t = ${short(shown.threshold)} nats`, mass: `hole mass ${mass}` };
  const layers = [HELD_OUT, DRAWS];
  const [code, draw] = [binsOf(shown.codes), binsOf(shown.prior)];
  return auditFigure({
    name,
    title,
    answer: answer(result, shown),
    reading:
      `r(z) tells how much more often codes lie at z than N(0, I) draws it; q is measured on training codes${isMeasured(holeMass) && holeMass.by ? ` (${holeMass.by})` : ''}. Shaded: the draws of N(0, I) below t, the ` +
      `hole mass. A draw below t looks less like a code than ${percent(1 - result.alpha)} of held-out codes do. The outermost values lie beyond the frame.`,
    description: `Densities of r(z) for held-out codes and for draws of N(0, I); an upright line at ${short(shown.threshold)} nats; the part of the draws below it, ${mass}, is shaded.`,
    csv: csv(
      ['low', 'high', 'codes', 'prior', 'codes_density', 'prior_density'],
      [
        ['', code[0]!.low, shown.codes.below, shown.prior.below, '', ''],
        ...code.map(({ low, high, count, density }, i) => [
          low,
          high,
          count,
          draw[i]!.count,
          rounded(density),
          rounded(draw[i]!.density),
        ]),
        [code.at(-1)!.high, '', shown.codes.above, shown.prior.above, '', ''],
      ],
    ),
    layers,
    wide: rowsOf(960, [[legendPanel(layers, 960)], [panel(shown, { width: 960, height: 320 }, words)]]),
    narrow: rowsOf(348, [[panel(shown, { width: 348, height: 280 }, words)]]),
  });
};

const answer = ({ statistics, alpha }: AuditResult, { threshold }: Ratio): string => {
  const { holeMass } = statistics;
  if (!isMeasured(holeMass)) return `Not known: ${holeMass.unavailable}.`;
  const times = holeMass.value / alpha;
  return (
    `${withError(holeMass, 'percent')} of ${integer(holeMass.n)} draws of N(0, I) have r(z) below ${short(threshold)} nats, where only ${percent(alpha)} of held-out codes lie` +
    `${times >= 1.5 ? `: ${short(times)} times as much as if codes were N(0, I)` : ''}.`
  );
};
