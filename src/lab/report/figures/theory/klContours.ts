import * as Plot from '@observablehq/plot';
import { klLevel } from '../../../../latent/theory/index.js';
import { colour } from '../../palette.js';

/** Nats. About as far apart on the plane, since the KL grows as the square of the distance. */
export const LEVELS: readonly number[] = [0.1, 0.5, 1, 2, 3, 4.5, 6];

/** Viridis (van der Walt & Smith 2015) in eight even steps: even to the eye, in grey and under colour blindness too. */
const VIRIDIS = ['#440154', '#46327e', '#365c8d', '#277f8e', '#1fa187', '#4ac16d', '#a0da39', '#fde725'] as const;

/** A part of the (μ, σ) plane. */
export interface Area {
  readonly mu: readonly [number, number];
  readonly sigma: readonly [number, number];
}

/** Bands of equal KL, dark where it is least. */
export const klBands = ({ mu, sigma }: Area): Plot.Markish[] => [
  Plot.rect([mu], { x1: mu[0], x2: mu[1], y1: sigma[0], y2: sigma[1], fill: VIRIDIS.at(-1)! }),
  ...LEVELS.map((level, i) =>
    Plot.line(klLevel(level), { fill: VIRIDIS[i]!, stroke: '#fff', strokeOpacity: 0.35, strokeWidth: 1, clip: true }),
  ).reverse(),
];

/** Lines of equal KL, under arrows and paths. */
export const klLines = (): Plot.Markish[] =>
  LEVELS.map((level) => Plot.line(klLevel(level), { stroke: colour('line'), strokeWidth: 1, clip: true }));

/** Where the line of a level crosses σ = 1 at the right: ½ μ² = level. */
export const levelAt = (level: number): number => Math.sqrt(2 * level);
