import * as Plot from '@observablehq/plot';
import { integer, short } from '../../../../latent/numbers/index.js';
import { axis, defaultGrid, F, G, surfaceGrid, klSurface as surfaceOf } from '../../../../latent/theory/index.js';
import type { TheorySummary } from '../../../theory/index.js';
import { csv } from '../../csv.js';
import { colour } from '../../palette.js';
import { listed } from '../../words.js';
import type { Figure } from '../figure.js';
import { assemble, rounded, rowsOf } from './assemble.js';
import { curve, dots, fixedPoint, LAYERS, SURFACES, zip } from './curve.js';
import { drawFrame, evenHeight, type Frame, note, plain, type Size } from './frame.js';
import { klBands, LEVELS, levelAt } from './klContours.js';
import { estimatedRows, slicePanels } from './klSlices.js';

const name = 'theory-kl-surface';
const title = 'Where is the KL least?';
const PLANE = { mu: [-3, 3], sigma: [0, 3] } as const;
const MU = axis(-3, 3, 121);
/** Closer together towards 0, where G has no bound. */
const SIGMA = axis(0.08, Math.sqrt(3), 121).map((root) => root * root);
const MU_LABEL = 'μ, mean of the code';
const SIGMA_LABEL = 'σ, standard deviation of the code';
const ESTIMATED = SURFACES.monteCarlo.colour;
/** Panels of the estimated surface; from more draws its error bars are too short to see. */
const SLICES = 3;

type Minimum = TheorySummary['minimum'];
type Panel = (size: Size) => Size & { readonly svg: string };

const panel =
  (frame: Omit<Frame, keyof Size>): Panel =>
  (size) => ({ ...size, svg: drawFrame({ ...size, ...frame }) });

const NATS = { domain: [0, 4.7], ticks: [0, 1, 2, 3, 4] } as const;

const meanPanel = panel({
  x: { label: MU_LABEL, domain: [-3, 3], ticks: [-3, -2, -1, 0, 1, 2, 3] },
  y: { label: 'F(μ) = ½ μ²  (nats)', ...NATS },
  marks: [curve(SURFACES.analytic, zip(MU, MU.map(F.value))), fixedPoint([0, 0])],
});

const scalePanel = panel({
  x: { label: SIGMA_LABEL, domain: [0, 3], ticks: [0, 1, 2, 3] },
  y: { label: 'G(σ) = ½ (σ² − 1) − ln σ  (nats)', ...NATS },
  marks: [curve(SURFACES.analytic, zip(SIGMA, SIGMA.map(G.value))), fixedPoint([1, 0])],
});

const surfacePanel = panel({
  x: { label: MU_LABEL, domain: PLANE.mu, ticks: [-3, -2, -1, 0, 1, 2, 3] },
  y: { label: `${SIGMA_LABEL}; colour: KL in nats`, domain: PLANE.sigma, ticks: [0, 1, 2, 3] },
  grid: false,
  marks: [
    ...klBands(PLANE),
    ...LEVELS.slice(1, 5).map((level) =>
      Plot.text([[levelAt(level), 1]], { text: [plain(level)], fontSize: 12, fill: level < 2 ? '#fff' : '#16191d' }),
    ),
    fixedPoint(),
    Plot.text([[0, 1]], { text: ['(0, 1)'], dx: -10, textAnchor: 'end', fontSize: 12, fill: '#fff' }),
  ],
});

/** The neighbourhood of (0, 1) as wide as the Monte Carlo minima scatter. */
const closePanel = ({ monteCarlo }: Minimum): Panel => {
  const { mu, sigma, minima } = monteCarlo;
  const far = Math.max(...minima.map((p) => Math.max(Math.abs(p.mu), Math.abs(p.sigma - 1))));
  const edge = Math.ceil(far * 110) / 100;
  const ticks = [-2, -1, 0, 1, 2].map((step) => Number(((step * edge) / 3).toPrecision(1)));
  const exact = { stroke: colour('normal'), strokeWidth: 1 };
  const bars = { stroke: ESTIMATED, strokeWidth: 3 };
  return panel({
    x: { label: `${MU_LABEL}, close to 0`, domain: [-edge, edge], ticks },
    y: { label: `${SIGMA_LABEL}, close to 1`, domain: [1 - edge, 1 + edge], ticks: ticks.map((t) => 1 + t) },
    marks: [
      dots(
        minima.map((p) => [p.mu, p.sigma] as const),
        { fill: ESTIMATED, opacity: 0.5 },
      ),
      Plot.ruleX([0], exact),
      Plot.ruleY([1], exact),
      Plot.ruleY([sigma.value], { x1: mu.value - mu.se, x2: mu.value + mu.se, ...bars }),
      Plot.ruleX([mu.value], { y1: sigma.value - sigma.se, y2: sigma.value + sigma.se, ...bars }),
      note([0, 1 + edge], 'exact: (0, 1)', colour('normal'), { dx: 6, dy: 8 }),
      note([edge, 1 - edge], `${mu.n} Monte Carlo`, ESTIMATED, { anchor: 'end', dx: -4, dy: -10 }),
    ],
  });
};

const errorPanel = ({ sampleSizes }: Minimum): Panel => {
  const [first] = sampleSizes;
  const ends = [60, 200_000] as const;
  const line = ends.map((n) => [n, first!.meanSe * Math.sqrt(first!.n / n)] as const);
  return panel({
    x: { label: 'n, draws of noise', domain: ends, type: 'log', ticks: sampleSizes.map(({ n }) => n), format: integer },
    y: { label: 'Mean standard error  (nats)', domain: [0.005, 0.6], type: 'log', ticks: [0.01, 0.03, 0.1, 0.3] },
    marks: [
      curve(LAYERS.bound, line),
      dots(
        sampleSizes.map(({ n, meanSe }) => [n, meanSe] as const),
        { fill: ESTIMATED, r: 4.5 },
      ),
      ...sampleSizes.map(({ n, meanSe }, i) => {
        const last = i === sampleSizes.length - 1;
        return note(
          [n, meanSe],
          short(meanSe),
          colour('ink'),
          last ? { dx: -8, dy: 10, anchor: 'end' } : { dx: 7, dy: -9 },
        );
      }),
    ],
  });
};

/**
 * F and G alone, their sum over the plane with its one minimum, where the minimum of the Monte Carlo surface falls, that surface
 * with its error bars from more and more draws, and how its error falls. Nats.
 */
export const klSurface = (summary: TheorySummary): Figure => {
  const { minimum } = summary;
  const [close, errors] = [closePanel(minimum), errorPanel(minimum)];
  const sliced = minimum.sampleSizes.slice(0, SLICES).map(({ n }) => n);
  const slices = (size: Size) => slicePanels(sliced, summary, size);
  const planeSize = (width: number): Size => ({ width, height: evenHeight(width, PLANE.mu, PLANE.sigma) });
  const [small, large] = [{ width: 304, height: 220 }, planeSize(600)];
  const phone = { width: 348, height: 200 };
  return assemble({
    name,
    title,
    answer: answer(minimum),
    reading: reading(minimum, sliced.length),
    description: description(minimum),
    csv: dataOf(summary),
    layers: [SURFACES.analytic, SURFACES.monteCarlo],
    wide: rowsOf(960, [
      [meanPanel(small), scalePanel(small), errors(small)],
      [surfacePanel(large), close({ width: 336, height: large.height })],
      slices(small),
    ]),
    narrow: rowsOf(348, [
      [meanPanel(phone)],
      [scalePanel(phone)],
      [surfacePanel(planeSize(348))],
      [close({ width: 348, height: 340 })],
      ...slices(phone).map((each) => [each]),
      [errors(phone)],
    ]),
  });
};

const answer = ({ analytic, monteCarlo }: Minimum): string => {
  const { smallestGradient, radius, starts, curvatureFloor } = analytic;
  const { mu, sigma, draws, z } = monteCarlo;
  return (
    `At (0, 1), and nowhere else: there the KL is 0, and further than ${plain(radius)} away its slope is nowhere below ` +
    `${plain(smallestGradient.value)} nats per unit on a grid of ${integer(starts)} points, from each of which Newton's method ends there. Its Hessian has no ` +
    `eigenvalue below ${plain(curvatureFloor)}: the surface is one convex bowl. Estimated from ${integer(draws)} draws, ` +
    `${mu.n} times over, the minimum falls at μ = ${four(mu.value)}, σ = ${four(sigma.value)} (standard errors ${four(mu.se)} and ` +
    `${four(sigma.se)}), ${Math.abs(z.mu).toFixed(1)} and ${Math.abs(z.sigma).toFixed(1)} standard errors from (0, 1): ` +
    `the two minima ${monteCarlo.coincide ? 'coincide' : 'do not coincide'}.`
  );
};

const reading = ({ monteCarlo, sampleSizes }: Minimum, slices: number): string =>
  'KL(N(μ, σ²) ‖ N(0, 1)) = F(μ) + G(σ), per latent dimension; blue is exact, green is Monte Carlo. The ring is (0, 1); numbers on the surface are ' +
  `nats, the bands end at ${listed(LEVELS.map(plain))}. Close to (0, 1): the minima of ${monteCarlo.mu.n} Monte Carlo surfaces; the cross is their mean ` +
  'with its standard error. Three panels cut through the surface at μ = 0 and μ = 2, with Monte Carlo estimates and their 95% intervals from ' +
  `${listed(sampleSizes.slice(0, slices).map(({ n }) => integer(n)))} draws. All points of a panel share their draws, so they are off together. The standard error, ` +
  `averaged over the plane, is ${listed(sampleSizes.map(({ meanSe }) => short(meanSe)))} nats at ` +
  `${listed(sampleSizes.map(({ n }) => integer(n)))} draws; the dotted line falls as 1/√n. At (0, 1) itself the estimate has no error.`;

const description = ({ monteCarlo, sampleSizes }: Minimum): string =>
  'Eight panels. F over μ: a parabola with its minimum 0 at μ = 0. G over σ: rises without bound towards σ = 0, has its minimum 0 at σ = 1. ' +
  'The standard error of the Monte Carlo surface over the number of draws: a straight line down on logarithmic axes. ' +
  'The KL over the (μ, σ) plane in bands from dark (0 nats, around (0, 1)) to bright (7 nats, at the corners): one bowl. ' +
  `Close to (0, 1): ${monteCarlo.mu.n} minima of Monte Carlo surfaces scattered evenly around it. ` +
  `Three cuts of the Monte Carlo surface on the exact one: at ${integer(sampleSizes[0]!.n)} draws the error bars are long away from (0, 1), with each ` +
  'tenfold number of draws they are three times shorter, and at (0, 1) they vanish.';

/** Small locations to the fourth decimal, with a true minus. */
const four = (value: number): string => value.toFixed(4).replace('-', '−');

const dataOf = (summary: TheorySummary): string => {
  const { monteCarlo, sampleSizes } = summary.minimum;
  const { kl, mu, sigma } = surfaceGrid(surfaceOf(), defaultGrid);
  return csv(
    ['quantity', 'mu', 'sigma', 'draws', 'value', 'se'],
    [
      ...MU.map((x) => ['F', rounded(x), '', '', rounded(F.value(x)), '']),
      ...SIGMA.map((x) => ['G', '', rounded(x), '', rounded(G.value(x)), '']),
      ...sigma.flatMap((s, i) =>
        mu.map((m, j) => ['KL', rounded(m), rounded(s), '', rounded(kl[i * mu.length + j]!), 0]),
      ),
      ...estimatedRows(summary),
      ...monteCarlo.minima.map((p) => ['minimum of a Monte Carlo surface', p.mu, p.sigma, monteCarlo.draws, '', '']),
      ...sampleSizes.map(({ n, meanSe }) => ['mean standard error of the surface', '', '', n, meanSe, '']),
    ],
  );
};
