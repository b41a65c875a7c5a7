import type { AuditResult } from '../../../../latent/audit/index.js';
import { zName } from '../../../../latent/audit/reading/index.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import { plain } from '../../figures/theory/frame.js';
import { colour } from '../../palette.js';
import { stepColour, stepOf } from '../diverging.js';
import { auditFigure, type Drawn, drawing, line, rect, text } from '../drawing.js';
import { colourKey, evenLimit, matrixPanel } from './matrix.js';

const name = 'audit-correlation';
const title = 'Do the dimensions of z depend on each other?';
const STRONGEST = 12;

interface Pair {
  readonly names: string;
  readonly value: number;
}

const pairsOf = ({ panels }: AuditResult): Pair[] =>
  panels.correlation
    .flatMap((row, i) =>
      row.slice(0, i).map((value, j) => ({
        names: `${zName(panels.dimensions[j]!.dimension)} · ${zName(panels.dimensions[i]!.dimension)}`,
        value,
      })),
    )
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));

/** The strongest pairs as bars to the left and right of 0. */
const pairBars = (pairs: readonly Pair[], limit: number, width: number): Drawn => {
  const [left, right, step] = [96, width - 52, 24];
  const zero = (left + right) / 2;
  const scale = (right - left) / 2 / limit;
  const bars = pairs.map(({ names, value }, i) => {
    const y = 28 + i * step;
    const length = Math.abs(value) * scale;
    return (
      text(0, y + 11, names) +
      rect(value < 0 ? zero - length : zero, y, length, 14, stepColour(stepOf(value, limit) || Math.sign(value))) +
      text(width, y + 11, short(value), { anchor: 'end', fill: colour('muted') })
    );
  });
  const foot = 28 + pairs.length * step;
  return drawing(
    { width, height: foot + 4 },
    text(0, 12, 'Strongest pairs', { size: 13 }) + bars.join('') + line(zero, 24, zero, foot - 6, colour('muted')),
  );
};

/** Correlation of every two dimensions of the codes; undefined for one dimension alone. */
export const correlation = (result: AuditResult): Figure | undefined => {
  const { dimensions, correlation: values } = result.panels;
  if (dimensions.length < 2) return undefined;
  const pairs = pairsOf(result);
  const limit = Math.min(1, evenLimit(Math.abs(pairs[0]!.value)));
  const labels = dimensions.map(({ dimension }) => zName(dimension));
  const blank = values.map((row, i) => row.map((value, j) => (i === j ? Number.NaN : value)));
  const matrix = (width: number) => matrixPanel({ values: blank, rows: labels, columns: labels, limit, width });
  const key = (width: number) => colourKey('Correlation', limit, width);
  const strongest = pairs.slice(0, STRONGEST);
  return auditFigure({
    name,
    title,
    answer: answer(result, pairs),
    reading:
      `Blue rises together, orange against each other, the ground colour is none; the colours end at ±${plain(limit)}. The diagonal is left out. Dimensions are ordered by ` +
      `${result.codes.train.posteriors ? 'rate' : 'Kolmogorov–Smirnov distance'}${dimensions.length < result.codes.latents ? `, the ${dimensions.length} highest of ${result.codes.latents}` : ''}. Dependence need not be linear: the total correlation measures all of it.`,
    description: `Correlation matrix of ${dimensions.length} dimensions; strongest: ${strongest.map(({ names, value }) => `${names} ${short(value)}`).join(', ')}.`,
    csv: csv(
      ['', ...labels],
      values.map((row, i) => [labels[i]!, ...row]),
    ),
    layers: [],
    wide: rowsOf(960, [[key(960)], [matrix(560), pairBars(strongest, limit, 340)]]),
    narrow: rowsOf(348, [[key(348)], [matrix(348)], [pairBars(strongest.slice(0, 6), limit, 348)]]),
  });
};

const answer = ({ codes }: AuditResult, pairs: readonly Pair[]): string => {
  const [first] = pairs;
  const { n } = codes.test;
  const chance = 1.96 / Math.sqrt(n);
  const square = Math.sqrt(pairs.reduce((sum, { value }) => sum + value * value, 0) / pairs.length);
  return (
    `${first!.names} correlate most, by ${short(first!.value)}; a pair is ${short(square)} away from 0 in root mean square. ` +
    `Two independent dimensions come to ${short(chance)} or less in 95% of sets of as many codes.`
  );
};
