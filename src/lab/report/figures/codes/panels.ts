import * as Plot from '@observablehq/plot';
import { chiDensity } from '../../../../latent/codes/index.js';
import { short } from '../../../../latent/numbers/index.js';
import type { Histogram } from '../../../studies/study.js';
import { colour } from '../../palette.js';
import { curve, type Layer, zip } from '../theory/curve.js';
import { drawFrame, type Size } from '../theory/frame.js';
import { activeUnits, type Coded, overSeeds, type Ranked, rankedRates } from './coded.js';
import { type DensityPoint, meanDensity } from './density.js';

type Drawn = Size & { readonly svg: string };

/** What a code is held against, in every panel. */
export const NORMAL: Layer = { id: 'normal', label: 'N(0, I)', colour: colour('normal'), dash: 'dotted' };
/** Var(μ) above which a unit counts as active, and the thresholds at its sides. */
export const ACTIVE = 0.01;
const SIDES = [0.001, 0.1] as const;

const standardNormal = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);

/** The first layer as a filled area, the others as lines, what is expected dotted on top. */
const densityMarks = (
  layers: readonly (Layer & { readonly points: readonly DensityPoint[] })[],
  expected: (x: number) => number,
  [low, high]: readonly [number, number],
): Plot.Markish[] => {
  const axis = Array.from({ length: 161 }, (_, i) => low + ((high - low) * i) / 160);
  return [
    ...layers.flatMap((layer, i) => {
      const points = layer.points.filter(({ x }) => x >= low && x <= high);
      const className = `s s-${layer.id}`;
      const area = { x: 'x', fill: layer.colour, clip: true, className };
      return [
        i === 0
          ? Plot.areaY(points, { ...area, y1: 0, y2: 'value', fillOpacity: 0.22 })
          : Plot.areaY(points, { ...area, y1: 'low', y2: 'high', fillOpacity: 0.16 }),
        curve(
          layer,
          zip(
            points.map(({ x }) => x),
            points.map(({ value }) => value),
          ),
          1.5,
        ),
      ];
    }),
    curve(NORMAL, zip(axis, axis.map(expected))),
  ];
};

const topOf = (densities: readonly (readonly DensityPoint[])[], least: number): number =>
  1.08 * Math.max(least, ...densities.flatMap((points) => points.map(({ high }) => high)));

/** z_d of one dimension, or of all together, against N(0, 1). */
export const marginalPanel = (
  label: string,
  layers: readonly (Layer & { readonly histograms: readonly Histogram[] })[],
  size: Size,
): Drawn => {
  const drawn = layers.map((layer) => ({ ...layer, points: meanDensity(layer.histograms) }));
  const domain = [-4, 4] as const;
  const top = topOf(
    drawn.map(({ points }) => points),
    0.4,
  );
  const svg = drawFrame({
    ...size,
    x: { label: 'z', domain, ticks: [-4, -2, 0, 2, 4] },
    y: { label, domain: [0, top], ticks: top > 1 ? [0, 0.5, 1] : [0, 0.2, 0.4] },
    marks: densityMarks(drawn, standardNormal, domain),
  });
  return { ...size, svg };
};

/** ‖z‖ against χ_D, on the range that holds all of it. */
export const radiusPanel = (coded: readonly Coded[], latents: number, size: Size): Drawn => {
  const drawn = coded.map((each) => ({ ...each, points: meanDensity(each.codes.map(({ radius }) => radius)) }));
  const shell = Math.sqrt(latents);
  const held = drawn.flatMap(({ points }) => points.filter(({ high }) => high > 1e-3).map(({ x }) => x));
  const domain = [
    Math.max(0, Math.floor(Math.min(shell - 3, ...held))),
    Math.ceil(Math.max(shell + 3, ...held)),
  ] as const;
  const svg = drawFrame({
    ...size,
    x: { label: '‖z‖', domain },
    y: {
      label: 'density of ‖z‖',
      domain: [
        0,
        topOf(
          drawn.map(({ points }) => points),
          0.58,
        ),
      ],
    },
    marks: densityMarks(drawn, (r) => chiDensity(r, latents), domain),
  });
  return { ...size, svg };
};

/** Bars that are drawn: what carries information is among the first. */
const BARS = 32;

/** The rate by dimension, highest first, as bars. */
export const rateBars = (coded: readonly Coded[], size: Size): Drawn => {
  const ranked = coded.map((each) => ({ ...each, ranks: rankedRates(each).slice(0, BARS) }));
  const top = 1.06 * Math.max(0.1, ...ranked.flatMap(({ ranks }) => ranks.map(({ high }) => high)));
  const count = Math.max(1, ...ranked.map(({ ranks }) => ranks.length));
  const svg = drawFrame({
    ...size,
    x: { label: `the ${count} dimensions of highest KL`, domain: [0, count], ticks: [] },
    y: { label: 'KL of one dimension  (nats per image)', domain: [0, top] },
    marks: ranked.flatMap(({ id, colour: fill, ranks }) => {
      const className = `s s-${id}`;
      return [
        Plot.rectY(ranks, {
          x1: ({ rank }: Ranked) => rank - 0.9,
          x2: ({ rank }: Ranked) => rank - 0.1,
          y: 'value',
          fill,
          fillOpacity: 0.75,
          className,
        }),
        Plot.ruleX(
          ranks.filter(({ low, high }) => high > low),
          {
            x: ({ rank }: Ranked) => rank - 0.5,
            y1: 'low',
            y2: 'high',
            stroke: colour('ink'),
            strokeWidth: 1,
            className,
          },
        ),
      ];
    }),
  });
  return { ...size, svg };
};

/** Lowest KL that the logarithmic panel shows, nats. */
const LEAST = 1e-7;

/** The same as lines on a logarithmic axis, where a KL near 0 shows too. */
export const rateLines = (coded: readonly Coded[], size: Size): Drawn => {
  const ranked = coded.map((each) => ({ ...each, ranks: rankedRates(each).filter(({ value }) => value > LEAST) }));
  const values = ranked.flatMap(({ ranks }) => ranks.flatMap(({ low, high }) => [low, high])).filter((v) => v > LEAST);
  const svg = drawFrame({
    ...size,
    x: {
      label: 'rank of the dimension',
      domain: [1, Math.max(2, ...coded.map(({ codes }) => codes[0]!.dimensionRate.length))],
    },
    y: {
      label: 'KL of all dimensions, by rank  (nats per image)',
      type: 'log',
      domain: values.length > 0 ? [Math.min(...values) / 1.5, Math.max(...values) * 1.5] : [LEAST, 1],
    },
    marks: ranked.flatMap((layer) => [
      Plot.areaY(layer.ranks, {
        x: 'rank',
        y1: ({ low }: Ranked) => Math.max(low, LEAST),
        y2: 'high',
        fill: layer.colour,
        fillOpacity: 0.16,
        clip: true,
        className: `s s-${layer.id}`,
      }),
      curve(
        layer,
        layer.ranks.map(({ rank, value }) => [rank, value]),
      ),
    ]),
  });
  return { ...size, svg };
};

const ROW = 34;
/** Narrower panels name the count of the one threshold only. */
const ROOMY = 460;

/** Height of the panel of active units for so many series. */
export const activeHeight = (count: number): number => count * ROW + 82;

/** Units that say something about the image, by series. */
export const activePanel = (coded: readonly Coded[], latents: number, size: Size): Drawn => {
  const rows = coded.map((each, i) => {
    const { value, half } = overSeeds(each, activeUnits(ACTIVE));
    const [more, fewer] = SIDES.map((threshold) => overSeeds(each, activeUnits(threshold)).value) as [number, number];
    return { ...each, i, value, low: Math.max(0, value - half), high: Math.min(latents, value + half), more, fewer };
  });
  type Row = (typeof rows)[number];
  const svg = drawFrame({
    ...size,
    x: { label: `active units, of ${latents}: Var(μ) above ${ACTIVE}`, domain: [0, latents] },
    y: { label: 'Units that move with the image', domain: [rows.length, 0], ticks: [] },
    marks: [
      Plot.ruleX([0], { stroke: colour('line') }),
      ...rows.flatMap((row) => {
        const className = `s s-${row.id}`;
        const bar = { x1: 0, x2: 'value', y1: row.i + 0.55, y2: row.i + 0.85, className };
        return [
          Plot.rect([row], { ...bar, fill: row.colour, fillOpacity: row.dash ? 0.45 : 0.85 }),
          ...(row.high > row.low
            ? [Plot.ruleY([row], { x1: 'low', x2: 'high', y: row.i + 0.7, stroke: colour('ink'), className })]
            : []),
          Plot.text([row], {
            x: 0,
            y: row.i + 0.3,
            text: (each: Row) =>
              `${each.label}: ${short(each.value)}${
                size.width < ROOMY
                  ? ''
                  : `  (${short(each.more)} above ${SIDES[0]}, ${short(each.fewer)} above ${SIDES[1]})`
              }`,
            textAnchor: 'start',
            dx: 4,
            fontSize: 12,
            fill: row.colour,
            className,
          }),
        ];
      }),
    ],
  });
  return { ...size, svg };
};
