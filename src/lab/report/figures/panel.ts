import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { tick } from '../../../latent/numbers/index.js';
import { colour } from '../palette.js';
import type { Series, TracePoint } from '../series.js';
import { spread } from './spread.js';
import { logTicks, niceSteps } from './ticks.js';

/** One line of a panel with the text at its end. */
export interface Line {
  readonly series: Pick<Series, 'id' | 'colour' | 'dashed'>;
  readonly trace: readonly TracePoint[];
  readonly end: string;
}

export interface Panel {
  readonly width: number;
  readonly height: number;
  /** Room at the right for the texts at the ends of the lines. */
  readonly marginRight: number;
  /** What the y axis shows, with its unit. */
  readonly yLabel: string;
  readonly yType: 'linear' | 'log';
  readonly yDomain: readonly [number, number];
  readonly lines: readonly Line[];
  /** A value that does not change over training: the noise floor. */
  readonly level?: {
    readonly id: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly end: string;
  };
  /** A moment of training, marked by an upright line. */
  readonly moment?: { readonly epoch: number; readonly text: string; readonly colour: string };
}

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const margin = { top: 34, bottom: 40, left: 46 };
const labelHeight = 16;

interface EndText {
  readonly y: number;
  readonly x: number;
  readonly text: string;
  readonly colour: string;
  readonly id: string;
}

/** Draws a panel as the content of an `svg` element; its colours are CSS variables. */
export const drawPanel = (panel: Panel): string => {
  const { width, height, lines, level, moment } = panel;
  const x = { domain: [0, lastEpoch(lines)] as [number, number], range: [margin.left, width - panel.marginRight] };
  const y = { type: panel.yType, domain: [...panel.yDomain], range: [height - margin.bottom, margin.top] };
  const xScale = Plot.scale({ x });
  const yScale = Plot.scale({ y });
  const ticks = panel.yType === 'log' ? logTicks(panel.yDomain) : niceSteps(...panel.yDomain, 6);
  const right = x.domain[1];

  const ends: EndText[] = lines.flatMap(({ series, trace, end }) => {
    const last = trace.findLast((point) => shown(point.value, panel));
    return last ? [{ y: last.value, x: last.epoch, text: end, colour: series.colour, id: series.id }] : [];
  });
  if (level) ends.push({ y: level.value, x: right, text: level.end, colour: colour('normal'), id: level.id });
  const heights = ends.map((end) => Math.min(height - margin.bottom, Math.max(margin.top, yScale.apply(end.y))));
  const places = spread(heights, labelHeight, margin.top, height - margin.bottom);

  const svg = Plot.plot({
    document,
    className: 'panel',
    width,
    height,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    marginRight: panel.marginRight,
    x: { ...x, label: null },
    y: { ...y, label: null },
    marks: [
      Plot.gridY(ticks, { stroke: colour('line'), strokeOpacity: 1 }),
      Plot.axisY(ticks, { text: (value: number) => tick(value), tickSize: 0, fill: colour('muted'), fontSize: 12 }),
      Plot.axisX(niceSteps(0, right, 6), { tickFormat: tick, tickSize: 0, fill: colour('muted'), fontSize: 12 }),
      Plot.text([panel.yLabel], {
        frameAnchor: 'top-left',
        dx: -margin.left + 2,
        dy: -margin.top + 8,
        fontSize: 13,
        fill: colour('ink'),
      }),
      Plot.text(['epochs of training'], { frameAnchor: 'bottom', dy: 34, fontSize: 12, fill: colour('muted') }),
      ...(moment
        ? [
            Plot.ruleX([moment.epoch], { stroke: moment.colour, strokeDasharray: '2 3' }),
            Plot.text([moment], {
              x: 'epoch',
              frameAnchor: 'middle',
              textAnchor: 'start',
              text: 'text',
              dx: 6,
              fontSize: 12,
              fill: moment.colour,
              stroke: colour('ground'),
              strokeWidth: 4,
            }),
          ]
        : []),
      ...lines.flatMap(({ series, trace }) => [
        Plot.areaY(trace, {
          x: 'epoch',
          y1: (point: TracePoint) => (shown(point.value, panel) ? Math.max(point.low, lowest(panel)) : Number.NaN),
          y2: 'high',
          fill: series.colour,
          fillOpacity: 0.16,
          clip: true,
          className: `s s-${series.id}`,
        }),
        Plot.line(trace, {
          x: 'epoch',
          y: (point: TracePoint) => (shown(point.value, panel) ? point.value : Number.NaN),
          stroke: series.colour,
          strokeWidth: 2,
          ...(series.dashed ? { strokeDasharray: '6 4' } : {}),
          clip: true,
          className: `s s-${series.id}`,
        }),
      ]),
      ...(level
        ? [
            Plot.rectY([level], {
              x1: 0,
              x2: right,
              y1: 'low',
              y2: 'high',
              fill: colour('normal'),
              fillOpacity: 0.16,
              clip: true,
              className: `s s-${level.id}`,
            }),
            Plot.ruleY([level.value], {
              x1: 0,
              x2: right,
              stroke: colour('normal'),
              strokeWidth: 2,
              strokeDasharray: '0.1 5',
              strokeLinecap: 'round',
              className: `s s-${level.id}`,
            }),
          ]
        : []),
      ...ends.flatMap((end, i) => [
        Plot.link([end], {
          x1: 'x',
          y1: yScale.invert!(heights[i]!),
          x2: xScale.invert!(width - panel.marginRight + 7),
          y2: yScale.invert!(places[i]!),
          stroke: end.colour,
          strokeOpacity: 0.6,
          ...(end.x < right ? { strokeDasharray: '1 5' } : {}),
          className: `s s-${end.id}`,
        }),
        ...(end.x < right
          ? [Plot.dot([end], { x: 'x', y: 'y', r: 3.5, fill: end.colour, className: `s s-${end.id}` })]
          : []),
        Plot.text([end], {
          x: xScale.invert!(width - panel.marginRight + 10),
          y: yScale.invert!(places[i]!),
          text: 'text',
          textAnchor: 'start',
          fontSize: 13,
          fill: end.colour,
          className: `s s-${end.id}`,
        }),
      ]),
    ],
  });
  for (const style of svg.querySelectorAll('style')) style.remove();
  return svg.outerHTML;
};

/** A logarithm shows positive values only. */
const shown = (value: number, panel: Panel): boolean =>
  Number.isFinite(value) && (panel.yType === 'linear' || value > 0);

const lowest = (panel: Panel): number => (panel.yType === 'log' ? panel.yDomain[0] / 10 : Number.NEGATIVE_INFINITY);

const lastEpoch = (lines: readonly Line[]): number =>
  Math.max(1e-9, ...lines.flatMap(({ trace }) => trace.map((point) => point.epoch)));
