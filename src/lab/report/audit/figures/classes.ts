import * as Plot from '@observablehq/plot';
import type { AuditResult, ClassPanel } from '../../../../latent/audit/index.js';
import { counted, zName } from '../../../../latent/audit/reading/index.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import { drawFrame, plain, type Size } from '../../figures/theory/frame.js';
import { colour } from '../../palette.js';
import { listed } from '../../words.js';
import { auditFigure, CODES, type Drawn } from '../drawing.js';
import { colourKey, evenLimit, matrixPanel } from './matrix.js';

const name = 'audit-classes';
const title = 'Where does each class live?';

const bars = (classes: readonly ClassPanel[], size: Size): Drawn => {
  const every = Math.max(1, Math.ceil((classes.length * 26) / (size.width - 60)));
  const half = Math.min(0.4, (20 * classes.length) / size.width);
  const high = Math.max(1e-3, ...classes.map(({ momentKl: { value, se } }) => value + 1.96 * (se ?? 0)));
  const svg = drawFrame({
    ...size,
    x: {
      label: 'class',
      domain: [-0.6, classes.length - 0.4],
      ticks: classes.map((_, i) => i).filter((i) => i % every === 0),
      format: (i) => String(classes[i]!.label),
    },
    y: { label: 'Moment KL of the class  (nats)', domain: [0, 1.06 * high], format: plain },
    marks: [
      Plot.rectY(classes, {
        x1: (_: ClassPanel, i: number) => i - half,
        x2: (_: ClassPanel, i: number) => i + half,
        y1: 0,
        y2: ({ momentKl }: ClassPanel) => momentKl.value,
        fill: CODES.colour,
      } as Plot.RectYOptions),
      Plot.ruleX(
        classes.flatMap(({ momentKl: { value, se } }, i) =>
          se === undefined ? [] : [{ i, low: value - 1.96 * se, high: value + 1.96 * se }],
        ),
        { x: 'i', y1: 'low', y2: 'high', stroke: colour('ink') },
      ),
    ],
  });
  return { ...size, svg };
};

/** The moment-matched KL of each class's codes, and the mean of each class in each dimension; undefined without labels. */
export const classes = (result: AuditResult): Figure | undefined => {
  const { classes: shown, dimensions } = result.panels;
  if (!shown || shown.length === 0) return undefined;
  const values = shown.map(({ mean }) => dimensions.map(({ dimension }) => mean[dimension] ?? Number.NaN));
  const limit = evenLimit(Math.max(...values.flat().map(Math.abs)));
  const matrix = (width: number): Drawn =>
    matrixPanel({
      values,
      rows: shown.map(({ label }) => String(label)),
      columns: dimensions.map(({ dimension }) => zName(dimension)),
      limit,
      width,
      tallest: 26,
    });
  const key = (width: number): Drawn => colourKey('Mean of the class, by dimension', limit, width);
  return auditFigure({
    name,
    title,
    answer: answer(shown, values.flat(), limit),
    reading: `Top: KL to N(0, I) of the Gaussian with the mean and covariance of a class; a line is a 95% interval. Below: the mean of each class (rows) in the dimensions (columns${dimensions.length < result.codes.latents ? `, the ${dimensions.length} of highest rate` : ''}), blue above 0, orange below. Classes far from N(0, I) are usual, since a class is only a part of the codes; far apart classes leave holes between them.`,
    description: `Bars of the moment KL of ${counted(shown.length, 'class').replace('classs', 'classes')}: ${shown.map(({ label, momentKl }) => `${label} ${short(momentKl.value)}`).join(', ')}; below, the mean of each class by dimension as a coloured matrix.`,
    csv: csv(
      ['class', 'n', 'moment_kl', 'moment_kl_se', 'dimension', 'mean', 'variance'],
      shown.flatMap(({ label, n, momentKl, mean, variance }) =>
        mean.map((value, d) => [label, n, momentKl.value, momentKl.se ?? '', d, value, variance[d] ?? '']),
      ),
    ),
    layers: [],
    wide: rowsOf(960, [[bars(shown, { width: 960, height: 240 })], [key(960)], [matrix(960)]]),
    narrow: rowsOf(348, [[bars(shown, { width: 348, height: 220 })], [key(348)], [matrix(348)]]),
  });
};

const answer = (shown: readonly ClassPanel[], means: readonly number[], limit: number): string => {
  const sorted = [...shown].sort((a, b) => b.momentKl.value - a.momentKl.value);
  const furthest = sorted.slice(0, 2).map(({ label, momentKl }) => `${label} (${short(momentKl.value)} nats)`);
  const nearest = sorted.at(-1)!;
  const off = Math.max(...means.map(Math.abs));
  return `Furthest from N(0, I) ${furthest.length === 1 ? 'is class' : 'are classes'} ${listed(furthest)}, nearest ${nearest.label} (${short(nearest.momentKl.value)}). A class mean lies up to ${short(Number.isFinite(off) ? off : limit)} from 0 in one dimension.`;
};
