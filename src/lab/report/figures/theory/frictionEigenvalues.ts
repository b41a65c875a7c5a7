import type * as Plot from '@observablehq/plot';
import { axis, type Complex, criticalFriction, heavyBallEigenvalues } from '../../../../latent/theory/index.js';
import type { TheorySummary } from '../../../theory/index.js';
import { csv } from '../../csv.js';
import { colour } from '../../palette.js';
import { listed } from '../../words.js';
import type { Figure } from '../figure.js';
import { assemble, rounded, rowsOf } from './assemble.js';
import { complexPair } from './complexPair.js';
import { curve, dots, type Layer, zip } from './curve.js';
import { drawFrame, note, plain, type Size } from './frame.js';

const name = 'theory-friction';
const title = 'From which friction on does a code stop spiralling?';
const LAST = 4;
/** Both critical frictions, 2 and 2√2, are among them, so that the branches part where they do. */
const FRICTIONS = [...axis(0, LAST, 161), criticalFriction.sigma].sort((a, b) => a - b);

const LAYERS = {
  mu: { id: 'mu-eigenvalues', label: 'eigenvalues in μ', colour: colour('accent') },
  sigma: { id: 'sigma-eigenvalues', label: 'eigenvalues in σ', colour: colour('tandem'), dash: 'dashed' },
} as const satisfies Record<string, Layer>;

type Coordinate = keyof typeof LAYERS;
const COORDINATES: readonly Coordinate[] = ['mu', 'sigma'];

/** One of the two eigenvalues of a coordinate at every friction, as a line. */
const branch = (coordinate: Coordinate, which: 0 | 1, part: (value: Complex) => number): Plot.Markish =>
  curve(
    LAYERS[coordinate],
    zip(
      FRICTIONS,
      FRICTIONS.map((friction) => part(heavyBallEigenvalues(friction)[coordinate][which])),
    ),
  );

/** Where the drawn heavy ball stands. */
const drawnBall = ({ ball }: TheorySummary, part: (value: Complex) => number): Plot.Markish[] =>
  COORDINATES.map((coordinate) =>
    dots([[ball.friction, part(ball.eigenvalues[coordinate][0])]], {
      fill: LAYERS[coordinate].colour,
      r: 4.5,
      id: LAYERS[coordinate].id,
    }),
  );

const X = { label: 'friction γ  (per unit time)', domain: [0, LAST], ticks: [0, 1, 2, 3, 4] } as const;

const realPanel = (summary: TheorySummary, size: Size, named: boolean): string =>
  drawFrame({
    ...size,
    x: X,
    y: { label: 'Real parts of the eigenvalues  (per unit time)', domain: [-4, 0], ticks: [-4, -3, -2, -1, 0] },
    marks: [
      ...COORDINATES.flatMap((coordinate) => ([0, 1] as const).map((which) => branch(coordinate, which, (v) => v.re))),
      ...drawnBall(summary, (value) => value.re),
      ...(named
        ? [
            note([2.75, -2.9], 'in μ', LAYERS.mu.colour, { anchor: 'end' }, LAYERS.mu.id),
            note([3.2, -1.5], 'in σ', LAYERS.sigma.colour, {}, LAYERS.sigma.id),
          ]
        : []),
    ],
  });

const imaginaryPanel = (summary: TheorySummary, size: Size): string =>
  drawFrame({
    ...size,
    x: X,
    y: { label: 'Size of their imaginary parts  (radians per unit time)', domain: [0, 1.6], ticks: [0, 0.5, 1, 1.5] },
    marks: [
      ...COORDINATES.map((coordinate) => branch(coordinate, 0, (value) => Math.abs(value.im))),
      ...drawnBall(summary, (value) => Math.abs(value.im)),
      ...COORDINATES.map((coordinate) =>
        note([criticalFriction[coordinate], 0], plain(criticalFriction[coordinate]), LAYERS[coordinate].colour, {
          dx: 6,
          dy: -10,
        }),
      ),
    ],
  });

/** Eigenvalues of the heavy ball at (0, 1) over its friction: complex below a critical friction, where it spirals. Per unit time. */
export const frictionEigenvalues = (summary: TheorySummary): Figure => {
  const [small, phone] = [
    { width: 468, height: 300 },
    { width: 348, height: 250 },
  ];
  const drawn = (size: Size, named: boolean) => [
    { ...size, svg: realPanel(summary, size, named) },
    { ...size, svg: imaginaryPanel(summary, size) },
  ];
  return assemble({
    name,
    title,
    answer: answer(summary),
    reading: reading(summary),
    description,
    csv: dataOf(),
    layers: [LAYERS.mu, LAYERS.sigma],
    wide: rowsOf(960, [drawn(small, true)]),
    narrow: rowsOf(
      348,
      drawn(phone, false).map((panel) => [panel]),
    ),
  });
};

const answer = ({ ball, flow }: TheorySummary): string =>
  `From ${plain(ball.criticalFriction.mu)} on in μ, and from ${plain(ball.criticalFriction.sigma)} on in σ: below, its eigenvalues at (0, 1) are complex, and the ` +
  `real part is −γ/2, so it spirals in. At friction ${ball.friction} they are ${complexPair(ball.eigenvalues.mu)} in μ and ` +
  `${complexPair(ball.eigenvalues.sigma)} in σ. Without momentum they are ${listed(flow.eigenvalues.map(({ re }) => plain(re)))}, and nothing spirals. ` +
  'Every real part is below 0 at any friction above 0: (0, 1) stays stable.';

const reading = ({ ball }: TheorySummary): string =>
  'The eigenvalues solve λ² + γ λ + k = 0 with the curvature k of the KL at (0, 1): 1 in μ and 2 in σ. Where they are complex the two of a coordinate ' +
  `share their real part; from the critical friction 2√k on they part. Dots: friction ${ball.friction}, that of the drawn ball.`;

const description =
  'Left: real parts of the eigenvalues in μ and σ over friction from 0 to 4. Both follow −γ/2 down and fork, μ at friction 2 and σ at 2.83. Right: size of ' +
  'the imaginary parts. They fall from 1 in μ and 1.41 in σ along arcs to 0 at friction 2 and 2.83 and stay there.';

const dataOf = (): string =>
  csv(
    ['friction', 'coordinate', 're_1', 'im_1', 're_2', 'im_2'],
    FRICTIONS.flatMap((friction) =>
      COORDINATES.map((coordinate) => [
        rounded(friction),
        coordinate,
        ...heavyBallEigenvalues(friction)[coordinate].flatMap(({ re, im }) => [rounded(re), rounded(im)]),
      ]),
    ),
  );
