import * as Plot from '@observablehq/plot';
import { short } from '../../../../latent/numbers/index.js';
import { misreadCurve } from '../../../../latent/theory/index.js';
import type { TheorySummary } from '../../../theory/index.js';
import { csv } from '../../csv.js';
import { colour } from '../../palette.js';
import type { Figure } from '../figure.js';
import { assemble, rounded, rowsOf } from './assemble.js';
import { curve, dots, type Layer, zip } from './curve.js';
import { drawFrame, note, type Size } from './frame.js';

const name = 'theory-misread';
const title = 'How much KL is lost when σ is read as a variance?';
const DOMAIN = [0.01, 1] as const;
/** σ of trained encoders. */
const TRAINED = [0.02, 0.3] as const;
const SIGMAS = Array.from({ length: 121 }, (_, i) => DOMAIN[0] * (DOMAIN[1] / DOMAIN[0]) ** (i / 120));
const X = { label: 'σ of the code that is sampled', domain: DOMAIN, type: 'log' } as const;

const TRUE: Layer = { id: 'true', label: 'KL of the code that is sampled', colour: colour('accent') };
const REPORTED: Layer = { id: 'reported', label: 'KL as reported', colour: colour('encoder-analytic'), dash: 'dashed' };

/** The range of trained encoders as a band behind the lines. */
const trained = (low: number, high: number): Plot.Markish =>
  Plot.rect([TRAINED], { x1: TRAINED[0], x2: TRAINED[1], y1: low, y2: high, fill: colour('surface') });

const bandName = (high: number): Plot.Markish =>
  Plot.text([[Math.sqrt(TRAINED[0] * TRAINED[1]), high]], {
    text: ['trained encoders'],
    dy: 10,
    fontSize: 12,
    fill: colour('muted'),
  });

const klPanel = (size: Size, named: boolean): string => {
  const { kl, reported } = misreadCurve(SIGMAS);
  return drawFrame({
    ...size,
    x: { ...X, ticks: [0.01, 0.03, 0.1, 0.3, 1] },
    y: { label: 'KL at μ = 0  (nats per dimension)', domain: [0, 4.4], ticks: [0, 1, 2, 3, 4] },
    marks: [
      trained(0, 4.4),
      Plot.gridY([0, 1, 2, 3, 4], { stroke: colour('line'), strokeOpacity: 1 }),
      curve(TRUE, zip(SIGMAS, kl), 2.5),
      curve(REPORTED, zip(SIGMAS, reported), 2.5),
      ...(named
        ? [
            note([0.1, 1.81], TRUE.label, TRUE.colour, { dx: 10, dy: -8 }, TRUE.id),
            note([0.04, 1.13], REPORTED.label, REPORTED.colour, { dx: -6, dy: 16, anchor: 'end' }, REPORTED.id),
          ]
        : []),
      bandName(4.4),
    ],
  });
};

const ratioPanel = (size: Size): string => {
  const sigmas = SIGMAS.slice(0, -1);
  const { ratio } = misreadCurve(sigmas);
  const marked = misreadCurve(TRAINED);
  return drawFrame({
    ...size,
    x: { ...X, ticks: [0.01, 0.03, 0.1, 0.3, 1] },
    y: { label: 'True KL ÷ reported KL', domain: [1, 4.2], ticks: [1, 2, 3, 4] },
    marks: [
      trained(1, 4.2),
      Plot.gridY([1, 2, 3, 4], { stroke: colour('line'), strokeOpacity: 1 }),
      curve({ ...TRUE, colour: colour('ink') }, zip(sigmas, ratio), 2.5),
      dots(zip(TRAINED, marked.ratio), { fill: colour('ink'), r: 4.5 }),
      ...TRAINED.map((sigma, i) =>
        note([sigma, marked.ratio[i]!], `${short(marked.ratio[i]!)} at σ = ${sigma}`, colour('ink'), {
          dx: i === 0 ? 4 : -8,
          dy: i === 0 ? 16 : -8,
          anchor: i === 0 ? 'start' : 'end',
        }),
      ),
      bandName(4.2),
    ],
  });
};

/** The KL of the Gaussian that is drawn from against the one that is reported when the same number is read as its variance. Nats. */
export const misread = (summary: TheorySummary): Figure => {
  const [small, phone] = [
    { width: 468, height: 320 },
    { width: 348, height: 260 },
  ];
  const drawn = (size: Size, named: boolean) => [
    { ...size, svg: klPanel(size, named) },
    { ...size, svg: ratioPanel(size) },
  ];
  const { sigma, kl, reported, ratio } = misreadCurve(SIGMAS);
  return assemble({
    name,
    title,
    answer: answer(),
    reading:
      'The published code draws z = μ + s ε with s the softplus output, so s is a standard deviation, and computes ½ (μ² + s − 1 − ln s), which ' +
      `is the KL of a Gaussian with variance s. The band is the range of trained encoders, σ from ${TRAINED[0]} to ${TRAINED[1]}; μ = 0. A share of μ ` +
      'in the KL, which both read alike, brings the ratio down. Both are least at (0, 1).',
    description:
      'Left: true and reported KL over σ on a logarithmic axis; the reported one runs at less than half the height of the true one. Right: their ratio ' +
      `rises from 2 towards σ = 0 to 4 towards σ = 1, with ${listTold(summary)}.`,
    csv: csv(
      ['sigma', 'kl', 'reported', 'ratio'],
      sigma.map((s, i) => [s, kl[i]!, reported[i]!, ratio[i]!].map(rounded)),
    ),
    layers: [TRUE, REPORTED],
    wide: rowsOf(960, [drawn(small, true)]),
    narrow: rowsOf(
      348,
      drawn(phone, false).map((panel) => [panel]),
    ),
  });
};

const listTold = ({ misread: { sigma, ratio } }: TheorySummary): string =>
  sigma.map((s, i) => `${short(ratio[i]!)} at ${s}`).join(', ');

const answer = (): string => {
  const [low, high] = TRAINED;
  const { kl, reported, ratio } = misreadCurve(TRAINED);
  return (
    `More than half of it in a trained encoder. At σ = ${low} the KL is ${short(kl[0]!)} nats per dimension and ${short(reported[0]!)} are reported, ` +
    `${short(ratio[0]!)} times less; at σ = ${high} it is ${short(kl[1]!)} against ${short(reported[1]!)}, ${short(ratio[1]!)} times. ` +
    'The pull on σ is too weak by 2 (1 + σ), so near the minimum σ goes to 1 at a quarter of its rate.'
  );
};
