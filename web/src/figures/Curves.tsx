import * as Plot from '@observablehq/plot';
import { useEffect, useRef } from 'preact/hooks';
import { short, tick } from '../../../src/latent/numbers/index.js';

export interface CurveAt {
  readonly x: number;
  readonly value: number;
  /** Ends of the interval, where there is one. */
  readonly low?: number;
  readonly high?: number;
}

export interface Curve {
  readonly name: string;
  /** At the end of the line; nothing where there is one line alone. */
  readonly label?: string;
  readonly colour: string;
  readonly dashed?: boolean;
  readonly points: readonly CurveAt[];
}

export interface CurvesProps {
  readonly width: number;
  readonly height?: number;
  /** Name and unit of the axes. */
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
  /** Logarithmic; values that are not positive are left out. */
  readonly log?: boolean;
  /** What was measured once, as a point with its interval. */
  readonly marks?: readonly (CurveAt & { readonly name: string; readonly colour: string })[];
  /** The step that another part of the page shows. */
  readonly at?: number;
}

const MARGIN = { top: 26, right: 14, bottom: 40, left: 52 };
/** Pixels between labels at line ends. */
const APART = 13;

/** Values that lie in the range hold for the axis; the first evaluation may be far away from all others. */
const rangeOf = ({ curves, marks = [], log }: CurvesProps): [number, number] => {
  const points = [...curves.flatMap((curve) => curve.points), ...marks];
  const ends = points.flatMap(({ value, low = value, high = value }) => [low, value, high]);
  const values = ends.filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (values.length === 0) return log ? [0.1, 10] : [0, 1];
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  if (log) return [low / 1.15, high * 1.15];
  const air = 0.04 * (high - low) || Math.abs(high) * 0.05 || 1;
  return [low - air, high + air];
};

/** Powers of ten, where there are several; else as many ticks as there is room for. */
const powersIn = ([low, high]: readonly [number, number]): number | number[] => {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  if (last - first < 1) return 5;
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
};

/** Heights of labels that are moved no more than it takes to be apart. */
const apart = (heights: readonly number[], lowest: number): number[] => {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  const placed = [...heights];
  for (let k = 1; k < order.length; k++) {
    const [above, own] = [order[k - 1]!, order[k]!];
    placed[own] = Math.max(placed[own]!, placed[above]! + APART);
  }
  let limit = lowest;
  for (const own of order.toReversed()) {
    placed[own] = Math.min(placed[own]!, limit);
    limit = placed[own]! - APART;
  }
  return placed;
};

const labelMarks = (shown: readonly Curve[], domain: readonly [number, number], inner: number, log: boolean) => {
  const labelled = shown.filter((curve) => curve.label !== undefined);
  const along = (value: number): number => {
    const of = log ? Math.log : (v: number) => v;
    return inner * (1 - (of(value) - of(domain[0])) / (of(domain[1]) - of(domain[0])));
  };
  const heights = labelled.map(({ points }) => along(points.at(-1)!.value));
  const placed = apart(heights, inner);
  return labelled.map(({ points, label, colour }, i) =>
    Plot.text([points.at(-1)!], {
      ...{ x: 'x', y: 'value', text: () => label!, textAnchor: 'start', dx: 6, dy: placed[i]! - heights[i]! },
      fill: colour,
    }),
  );
};

/** The same as a drawing of its own. */
export const drawCurves = (props: CurvesProps): Element => {
  const { width, height = 250, x, y, log = false, marks = [], at } = props;
  const kept = (points: readonly CurveAt[]) =>
    points.filter(({ value }) => Number.isFinite(value) && (!log || value > 0));
  const shown = props.curves
    .map((curve) => ({ ...curve, points: kept(curve.points) }))
    .filter((c) => c.points.length > 0);
  const domain = rangeOf(props);
  const longest = Math.max(0, ...shown.map(({ label = '' }) => label.length));
  const right = MARGIN.right + Math.min(width / 3, 7 * longest);
  const flat = shown.flatMap(({ name, colour, points }) => points.map((point) => ({ ...point, name, colour })));
  const told = [...flat, ...marks];
  const floor = log ? domain[0] : undefined;
  const ticks = log ? powersIn(domain) : 5;
  return Plot.plot({
    ...{
      width,
      height,
      marginTop: MARGIN.top,
      marginRight: right,
      marginBottom: MARGIN.bottom,
      marginLeft: MARGIN.left,
    },
    style: { background: 'transparent', color: 'var(--muted)', fontSize: '12px', fontFamily: 'inherit' },
    x: {
      label: x,
      labelAnchor: 'center',
      labelArrow: 'none',
      insetRight: marks.length > 0 ? 10 : 0,
      ticks: Math.max(3, width / 110),
    },
    y: {
      ...{ label: y, labelArrow: 'none', domain: [...domain], type: log ? 'log' : 'linear', ticks, tickFormat: tick },
    },
    marks: [
      // Nested drawings are met by the pointer only where something is painted.
      Plot.frame({ fill: 'var(--ground)', stroke: 'none' }),
      Plot.gridY({ ticks, stroke: 'var(--line)', strokeOpacity: 1 }),
      ...shown.map(({ points, colour }) =>
        Plot.areaY(
          points.filter(({ low }) => low !== undefined),
          {
            ...{ x: 'x', y1: ({ low }: CurveAt) => Math.max(low!, floor ?? low!), y2: 'high' },
            ...{ fill: colour, fillOpacity: 0.16, clip: true },
          },
        ),
      ),
      ...(at === undefined ? [] : [Plot.ruleX([at], { stroke: 'var(--muted)', strokeDasharray: '3 3' })]),
      ...shown.map(({ points, colour, dashed }) =>
        Plot.line(points, {
          ...{ x: 'x', y: 'value', stroke: colour, strokeWidth: 1.8, clip: true },
          ...(dashed && { strokeDasharray: '6 4' }),
        }),
      ),
      ...shown
        .filter(({ points }) => points.length === 1)
        .map(({ points, colour }) => Plot.dot(points, { x: 'x', y: 'value', fill: colour, r: 3 })),
      ...marks.map((mark) =>
        Plot.link([mark], {
          ...{
            x1: 'x',
            x2: 'x',
            y1: ({ value, low = value }: CurveAt) => low,
            y2: ({ value, high = value }: CurveAt) => high,
          },
          ...{ stroke: mark.colour, strokeWidth: 2 },
        }),
      ),
      Plot.dot(marks, { x: 'x', y: 'value', fill: 'colour', r: 4, symbol: 'diamond' }),
      ...labelMarks(shown, domain, height - MARGIN.top - MARGIN.bottom, log),
      Plot.tip(
        told,
        Plot.pointer({
          ...{ x: 'x', y: 'value', fill: 'var(--surface)', stroke: 'var(--line)' },
          title: ({ name, x: where, value, low, high }: (typeof told)[number]) =>
            `${name}\n${x} ${short(where)}: ${short(value)}${low === undefined ? '' : `\n${short(low)} to ${short(high!)}`}`,
        }),
      ),
    ],
  });
};

/** Curves with their intervals; the values under the pointer stand beside it. */
export const Curves = (props: CurvesProps) => {
  const svg = useRef<SVGSVGElement>(null);
  const { width, height = 250, x, y, curves } = props;
  useEffect(() => svg.current!.replaceChildren(drawCurves(props)));
  const label = `${y} over ${x}: ${curves.map(({ name }) => name).join(', ')}`;
  return <svg ref={svg} class="curves" {...{ width, height }} role="img" aria-label={label} />;
};
