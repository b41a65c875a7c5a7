import * as Plot from '@observablehq/plot';
import { integer } from '../../../../latent/numbers/index.js';
import { axis, klSurface, noiseMoments, planeKl } from '../../../../latent/theory/index.js';
import type { TheorySummary } from '../../../theory/index.js';
import { rounded } from './assemble.js';
import { curve, SURFACES, zip } from './curve.js';
import { drawFrame, note, type Size } from './frame.js';

/** Cuts through the surface along σ. */
const CUTS = [0, 2] as const;
const HIGHEST = 6.6;
const SIGMA = axis(0.06, 3, 99);
const ESTIMATED_AT = axis(0.15, 2.85, 10);
/** Coarser than the grid that the minimum is sought on: enough to draw the surface again, and short. */
const TABLE = { mu: axis(-3, 3, 13), sigma: axis(0.25, 3, 12) } as const;

interface Estimated {
  readonly mu: number;
  readonly sigma: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The Monte Carlo surface along the cuts from n draws, with its 95% intervals, on the analytic one. */
const slicePanel = (n: number, seed: number, size: Size): Size & { readonly svg: string } => {
  const surface = klSurface(noiseMoments([n], seed)[0]);
  const points = CUTS.flatMap((mu) =>
    ESTIMATED_AT.map((sigma): Estimated => {
      const [value, half] = [surface.value(mu, sigma), 1.96 * surface.se(mu, sigma)];
      return { mu, sigma, value, low: value - half, high: value + half };
    }),
  );
  const estimated = { x: 'sigma', className: `s s-${SURFACES.monteCarlo.id}` };
  const svg = drawFrame({
    ...size,
    x: { label: 'σ, standard deviation of the code', domain: [0, 3], ticks: [0, 1, 2, 3] },
    y: { label: `KL from ${integer(n)} draws  (nats)`, domain: [-1, HIGHEST], ticks: [0, 2, 4, 6] },
    marks: [
      ...CUTS.map((mu) =>
        curve(
          SURFACES.analytic,
          zip(
            SIGMA,
            SIGMA.map((sigma) => planeKl(mu, sigma)),
          ),
          1.5,
        ),
      ),
      Plot.ruleX(points, {
        ...estimated,
        y1: 'low',
        y2: 'high',
        stroke: SURFACES.monteCarlo.colour,
        strokeWidth: 1.5,
        clip: true,
      }),
      Plot.dot(points, { ...estimated, y: 'value', r: 2.5, fill: SURFACES.monteCarlo.colour, clip: true }),
      ...CUTS.map((mu) =>
        note([1, planeKl(mu, 1)], `μ = ${mu}`, SURFACES.analytic.colour, { anchor: 'middle', dy: 13 }),
      ),
    ],
  });
  return { ...size, svg };
};

/** One panel for each number of draws. The draws of a smaller number are the first of a larger one. */
export const slicePanels = (
  sizes: readonly number[],
  { seed }: Pick<TheorySummary, 'seed'>,
  size: Size,
): (Size & { readonly svg: string })[] => sizes.map((n) => slicePanel(n, seed, size));

/** Rows of the Monte Carlo surface: quantity, μ, σ, draws, value and standard error in nats. */
export const estimatedRows = ({ seed, minimum }: Pick<TheorySummary, 'seed' | 'minimum'>): (string | number)[][] =>
  noiseMoments(
    minimum.sampleSizes.map(({ n }) => n),
    seed,
  ).flatMap((noise) => {
    const surface = klSurface(noise);
    return TABLE.sigma.flatMap((sigma) =>
      TABLE.mu.map((mu) => [
        'Monte Carlo KL',
        ...[mu, sigma, noise.n, surface.value(mu, sigma), surface.se(mu, sigma)].map(rounded),
      ]),
    );
  });
