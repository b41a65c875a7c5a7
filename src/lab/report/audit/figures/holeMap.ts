import * as Plot from '@observablehq/plot';
import { type AuditResult, type HoleMap, isMeasured } from '../../../../latent/audit/index.js';
import { percent, withError } from '../../../../latent/audit/reading/index.js';
import { integer } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import type { Layer } from '../../figures/theory/curve.js';
import { drawFrame, evenHeight, note, plain, type Size } from '../../figures/theory/frame.js';
import { colour } from '../../palette.js';
import { STEPS, stepColour } from '../diverging.js';
import { auditFigure, CODES, type Drawn, HOLES, PRIOR } from '../drawing.js';
import { colourKey } from './matrix.js';

const name = 'audit-hole-map';
const title = 'Where does N(0, I) draw and no code lie?';
/** Radii of the circles that hold half, 90% and 99% of N(0, I) in two dimensions: √(−2 ln(1 − share)). */
const CIRCLES = [0.5, 0.9, 0.99].map((share) => ({ share, r: Math.sqrt(-2 * Math.log(1 - share)) }));
const LIMITS = [0.2, 0.4, 0.8, 2, 4, 8, 16] as const;
const DRAWS: Layer = { id: 'draws', label: 'other prior draws', colour: colour('ink') };

/** The place of the prior's mean, z = 0, on the plane. */
const originOf = ({ axes, centre }: HoleMap): [number, number] =>
  axes.map((axis) => -axis.reduce((sum, value, d) => sum + value * centre[d]!, 0)) as [number, number];

/** Where the colours end: nine in ten cells within the reach of the prior are inside. */
const limitOf = (map: HoleMap): number => {
  const [u, v] = originOf(map);
  const { ticks, logRatio } = map;
  const sizes = logRatio
    .filter(
      (_, k) => Math.hypot(ticks[k % ticks.length]! - u, ticks[Math.floor(k / ticks.length)]! - v) < CIRCLES[2]!.r,
    )
    .map(Math.abs)
    .sort((a, b) => a - b);
  const usual = sizes[Math.floor(0.9 * sizes.length)] ?? 1;
  return LIMITS.find((limit) => limit >= usual) ?? 16;
};

const at = { x: (p: readonly number[]) => p[0], y: (p: readonly number[]) => p[1], clip: true } as const;

const circle = (map: HoleMap, r: number): (readonly [number, number])[] => {
  const [u, v] = originOf(map);
  return Array.from({ length: 97 }, (_, i) => {
    const angle = (2 * Math.PI * i) / 96;
    return [u + r * Math.cos(angle), v + r * Math.sin(angle)] as const;
  });
};

/** Covers the plane outside the circle of 99%: the circle one way round, then the edge of the map the other. */
const cover = (map: HoleMap, low: number, high: number): Plot.Markish => {
  const round = circle(map, CIRCLES.at(-1)!.r);
  const [u, v] = round[0]!;
  const edge = [
    [high, v],
    [high, low],
    [low, low],
    [low, high],
    [high, high],
    [high, v],
    [u, v],
  ] as const;
  return Plot.line([...round, ...edge], { ...at, fill: colour('ground'), stroke: null });
};

/** Regions of ln q − ln p above each level, one painted over the other; beyond 99% of N(0, I) only those above 0. */
const bands = (map: HoleMap, limit: number): Plot.Markish[] => {
  const { ticks, logRatio } = map;
  const half = (ticks[1]! - ticks[0]!) / 2;
  const [low, high] = [ticks[0]! - half, ticks.at(-1)! + half];
  const [least, most] = [Math.min(...logRatio), Math.max(...logRatio)];
  const square = { x1: low, x2: high, y1: low, y2: high };
  const band = (step: number): Plot.Markish[] => {
    const level = ((step - 0.5) * limit) / STEPS;
    const fill = stepColour(step);
    if (level > most) return [];
    if (level <= least) return [Plot.rect([0], { ...square, fill, clip: true })];
    const size = { width: ticks.length, height: ticks.length };
    return [
      Plot.contour(logRatio, {
        ...square,
        ...size,
        value: (nats: number) => nats,
        thresholds: [level],
        fill,
        clip: true,
      }),
    ];
  };
  const steps = Array.from({ length: STEPS }, (_, i) => i + 1);
  return [
    Plot.rect([0], { ...square, fill: stepColour(-STEPS), clip: true }),
    ...steps.flatMap((step) => band(step - STEPS)),
    cover(map, low, high),
    ...steps.flatMap(band),
  ];
};

const circles = (map: HoleMap): Plot.Markish[] =>
  CIRCLES.map(({ r }) =>
    Plot.line(circle(map, r), { ...at, stroke: PRIOR.colour, strokeWidth: 1.2, strokeOpacity: 0.8 }),
  );

const circleNames = (map: HoleMap): Plot.Markish[] => {
  const [u, v] = originOf(map);
  return CIRCLES.map(({ share, r }) => note([u, v + r], percent(share), colour('ink'), { anchor: 'middle', size: 11 }));
};

const frameOf = (map: HoleMap, width: number, label: string, marks: readonly Plot.Markish[], limit: number): Drawn => {
  const domain = [map.ticks[0]!, map.ticks.at(-1)!] as const;
  const size: Size = { width, height: evenHeight(width, domain, domain) };
  const svg = drawFrame({
    ...size,
    x: { label: 'first principal axis of the codes', domain },
    y: { label, domain, format: plain },
    grid: false,
    marks: [...bands(map, limit), ...circles(map), ...marks, ...circleNames(map)],
  });
  return { ...size, svg };
};

const codesPanel = (map: HoleMap, width: number, limit: number): Drawn =>
  frameOf(
    map,
    width,
    `${integer(map.codes.length)} codes`,
    [
      Plot.dot(map.codes, {
        ...at,
        r: 1.8,
        fill: colour('ink'),
        stroke: colour('ground'),
        strokeWidth: 0.5,
        strokeOpacity: 0.6,
        className: `s s-${CODES.id}`,
      }),
    ],
    limit,
  );

const priorPanel = (map: HoleMap, width: number, limit: number): Drawn => {
  const held = map.prior.filter(([, , hole]) => hole === 1);
  return frameOf(
    map,
    width,
    `${integer(map.prior.length)} draws of N(0, I), ${integer(held.length)} in a hole (×)`,
    [
      Plot.dot(
        map.prior.filter(([, , hole]) => hole === 0),
        {
          ...at,
          r: 1.8,
          fill: colour('ink'),
          stroke: colour('ground'),
          strokeWidth: 0.5,
          strokeOpacity: 0.6,
          className: `s s-${DRAWS.id}`,
        },
      ),
      Plot.dot(held, {
        ...at,
        r: 3.4,
        symbol: 'times',
        stroke: colour('ground'),
        strokeWidth: 4,
        className: `s s-${HOLES.id}`,
      }),
      Plot.dot(held, {
        ...at,
        r: 3.4,
        symbol: 'times',
        stroke: HOLES.colour,
        strokeWidth: 1.7,
        className: `s s-${HOLES.id}`,
      }),
    ],
    limit,
  );
};

/** ln q − ln p of codes and prior on the plane of the two widest axes, with codes and prior draws; undefined for one dimension. */
export const holeMap = (result: AuditResult): Figure | undefined => {
  const { holeMap: map } = result.panels;
  if (result.codes.latents < 2 || map.ticks.length < 2) return undefined;
  const limit = limitOf(map);
  const key = (width: number) => colourKey('ln q − ln p  (nats): orange, more prior than codes', limit, width);
  const held = map.prior.filter(([, , hole]) => hole === 1).length;
  return auditFigure({
    name,
    title,
    answer: answer(result, held),
    reading:
      `The plane of the two directions in which the codes are widest: the first principal axis across, the second up. Colour: ln q − ln p of codes and prior on this plane; where it is orange N(0, I) draws more often than codes lie, ` +
      `where it is blue less often; it ends at ±${plain(limit)} nats. Circles hold ${CIRCLES.map(({ share }) => percent(share)).join(', ')} of N(0, I); beyond the last, where it hardly draws, orange is left out. ` +
      `Whether a draw lies in a hole is decided in all ${result.codes.latents} dimensions: one may look well placed here and lie in a hole of the others.`,
    description: `Two maps of the same plane, coloured by the log ratio of codes to prior. Left: ${integer(map.codes.length)} codes. Right: ${integer(map.prior.length)} draws of N(0, I), ${integer(held)} of them in a hole, marked by crosses.`,
    csv: csv(
      ['kind', 'u', 'v', 'value'],
      [
        ...map.logRatio.map((value, k) => [
          'ln q - ln p',
          map.ticks[k % map.ticks.length]!,
          map.ticks[Math.floor(k / map.ticks.length)]!,
          value,
        ]),
        ...map.codes.map(([u, v]) => ['code', u, v, '']),
        ...map.prior.map(([u, v, hole]) => ['prior draw', u, v, hole]),
      ],
    ),
    layers: [],
    wide: rowsOf(960, [[key(960)], [codesPanel(map, 468, limit), priorPanel(map, 468, limit)]]),
    narrow: rowsOf(348, [[key(348)], [codesPanel(map, 348, limit)], [priorPanel(map, 348, limit)]]),
  });
};

const answer = ({ panels, statistics, alpha }: AuditResult, held: number): string => {
  const { holeMass } = statistics;
  const shown = `${integer(held)} of the ${integer(panels.holeMap.prior.length)} draws of N(0, I) on the map lie in a hole`;
  if (!isMeasured(holeMass)) return `${shown}. The hole mass is not known: ${holeMass.unavailable}.`;
  return `${shown}; over ${integer(holeMass.n)} draws it is ${withError(holeMass, 'percent')}, where a prior that fits has ${percent(alpha)}.`;
};
