import * as Plot from '@observablehq/plot';
import { colour } from '../../palette.js';

/** What is drawn with one colour and name throughout the theory's figures. */
export interface Layer {
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  readonly dash?: 'dashed' | 'dotted';
}

/** The KL itself: exact, and estimated from draws. */
export const SURFACES = {
  analytic: { id: 'analytic-kl', label: 'analytic', colour: colour('accent') },
  monteCarlo: { id: 'monte-carlo-kl', label: 'Monte Carlo', colour: colour('encoder-mc') },
} as const satisfies Record<string, Layer>;

/** SGD follows gradient flow and momentum the heavy ball, so they share their colours. */
export const LAYERS = {
  flow: { id: 'flow', label: 'gradient flow', colour: colour('accent') },
  ball: { id: 'ball', label: 'heavy ball', colour: colour('separate') },
  energy: { id: 'energy', label: 'energy of the heavy ball', colour: colour('separate'), dash: 'dashed' },
  bound: { id: 'bound', label: 'bound KL(0) e⁻²ᵗ', colour: colour('muted'), dash: 'dotted' },
  rmsprop: { id: 'rmsprop', label: 'RMSprop', colour: colour('tandem') },
  adam: { id: 'adam', label: 'Adam', colour: colour('encoder-mc') },
  sgd: { id: 'flow', label: 'SGD', colour: colour('accent') },
  momentum: { id: 'ball', label: 'momentum', colour: colour('separate') },
} as const satisfies Record<string, Layer>;

const DASHES = { dashed: '6 4', dotted: '0.1 5' } as const;

type Point = readonly [number, number];

export const zip = (x: readonly number[], y: readonly number[]): Point[] => x.map((value, i) => [value, y[i]!]);

/** Points at least `distance` from the one before, and the last: a path on the plane that dwells needs no more. */
export const apart = (points: readonly Point[], distance = 0.004): Point[] => {
  const kept: Point[] = [];
  for (const point of points) {
    const before = kept.at(-1);
    if (!before || Math.hypot(point[0] - before[0], point[1] - before[1]) >= distance) kept.push(point);
  }
  return points.length > 0 ? [...kept, points.at(-1)!] : kept;
};

/** A line through points; a value that is not finite interrupts it. */
export const curve = (layer: Layer, points: readonly Point[], width = 2): Plot.Markish =>
  Plot.line(points, {
    x: (point: Point) => point[0],
    y: (point: Point) => point[1],
    stroke: layer.colour,
    strokeWidth: width,
    strokeLinejoin: 'round',
    ...(layer.dash ? { strokeDasharray: DASHES[layer.dash], strokeLinecap: 'round' as const } : {}),
    clip: true,
    className: `s s-${layer.id}`,
  });

export const dots = (
  points: readonly Point[],
  { fill, r = 3.5, id, opacity = 1 }: { fill: string; r?: number; id?: string; opacity?: number },
): Plot.Markish =>
  Plot.dot(points, {
    x: (point: Point) => point[0],
    y: (point: Point) => point[1],
    r,
    fill,
    fillOpacity: opacity,
    ...(id === undefined ? {} : { className: `s s-${id}` }),
  });

/** (0, 1), where the code of every image is N(0, 1): drawn as a ring in the colour of N(0, I). */
export const fixedPoint = (at: Point = [0, 1], r = 5, fill = colour('ground')): Plot.Markish =>
  Plot.dot([at], {
    x: (point: Point) => point[0],
    y: (point: Point) => point[1],
    r,
    fill,
    stroke: colour('normal'),
    strokeWidth: 2,
  });
