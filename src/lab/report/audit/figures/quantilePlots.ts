import type { AuditResult, DimensionPanel } from '../../../../latent/audit/index.js';
import { pText, zName } from '../../../../latent/audit/reading/index.js';
import { normalQuantile } from '../../../../latent/audit/twoSample/specialFunctions.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Sheet } from '../../figures/figure.js';
import type { Figure } from '../../figures/index.js';
import { rounded } from '../../figures/theory/assemble.js';
import { listed } from '../../words.js';
import { auditFigure, CODES, PRIOR, path } from '../drawing.js';
import { type Tile, type TileAxes, tileSheet } from './tiles.js';

const name = 'audit-qq';
const title = 'Where in its range does a dimension leave N(0, 1)?';
const MOST = { wide: 18, narrow: 9 } as const;
const AXES: TileAxes = { x: [-3.2, 3.2], y: [-4.2, 4.2], xTicks: [-2, 0, 2], yTicks: [-3, 0, 3] };

/** The dimensions that leave N(0, 1) furthest. */
const ranked = ({ panels }: AuditResult): DimensionPanel[] =>
  [...panels.dimensions].sort((a, b) => b.ks.value - a.ks.value);

const tileOf = (panel: DimensionPanel, normal: readonly number[]): Tile => ({
  title: zName(panel.dimension),
  note: pText(panel.ks.pValue),
  body: (x, y) => {
    const points = panel.qq.map((value, i) => [x(normal[i]!), y(value)] as const);
    const dots = points.map(([px, py]) => `M${px.toFixed(1)},${py.toFixed(1)}h0`).join('');
    return (
      `<path class="s s-${PRIOR.id}" d="${path([
        [x(-3.2), y(-3.2)],
        [x(3.2), y(3.2)],
      ])}" stroke="${PRIOR.colour}" stroke-width="1.6" stroke-dasharray="0.1 3.6" stroke-linecap="round" fill="none" />` +
      `<path class="s s-${CODES.id}" d="${dots}" stroke="${CODES.colour}" stroke-width="4.4" stroke-linecap="round" fill="none" />`
    );
  },
});

/** Quantiles of each dimension against those of N(0, 1), the dimensions of largest Kolmogorov–Smirnov distance first. */
export const quantilePlots = (result: AuditResult): Figure => {
  const normal = result.panels.qqProbabilities.map(normalQuantile);
  const dimensions = ranked(result);
  const sheet = (most: number, width: number, columns: number): Sheet =>
    tileSheet(
      dimensions.slice(0, most).map((panel) => tileOf(panel, normal)),
      AXES,
      { width, columns, aspect: 0.9, key: `${name}-${width}-tile` },
    );
  const few = dimensions.length === 1;
  return auditFigure({
    name,
    title,
    answer: answer(dimensions, normal),
    reading: `Across: quantiles of N(0, 1), from ${short(normal[0]!)} to ${short(normal.at(-1)!)}; up: the same quantiles of the codes. On the dotted line a dimension is N(0, 1); steeper is wider, shifted is a mean off 0, a bend is a tail. The dimensions of largest Kolmogorov–Smirnov distance come first, p by Holm; ${dimensions.length > MOST.narrow ? `at most ${MOST.wide} are drawn (${MOST.narrow} on a narrow page), the CSV holds all ${dimensions.length}.` : 'all are drawn.'}`,
    description: `Quantile–quantile plots: ${dimensions
      .slice(0, MOST.wide)
      .map(({ dimension, ks }) => `${zName(dimension)} distance ${short(ks.value)}`)
      .join(', ')}.`,
    csv: csv(
      ['dimension', 'probability', 'normal', 'codes'],
      dimensions.flatMap(({ dimension, qq }) =>
        qq.map((value, i) => [dimension, rounded(result.panels.qqProbabilities[i]!), rounded(normal[i]!), value]),
      ),
    ),
    layers: [CODES, { ...PRIOR, label: 'N(0, 1)' }],
    wide: sheet(MOST.wide, 960, dimensions.length > 4 ? 6 : 4),
    narrow: sheet(MOST.narrow, 348, few ? 1 : dimensions.length > 4 ? 3 : 2),
  });
};

/** Of the dimension that is furthest off: the quantile that is furthest off. */
const answer = (dimensions: readonly DimensionPanel[], normal: readonly number[]): string => {
  const [first] = dimensions;
  const gaps = first!.qq.map((value, i) => Math.abs(value - normal[i]!));
  const widest = gaps.indexOf(Math.max(...gaps));
  const rejected = dimensions.filter(({ ks }) => ks.pValue < 0.05);
  const lead = rejected.slice(0, 4).map(({ dimension, ks }) => `${zName(dimension)} (${short(ks.value)})`);
  const told = `Of ${zName(first!.dimension)} the quantile that N(0, 1) has at ${short(normal[widest]!)} lies at ${short(first!.qq[widest]!)}.`;
  if (rejected.length === 0)
    return `Nowhere by more than chance (p by Holm at least ${short(Math.min(...dimensions.map(({ ks }) => ks.pValue)))}). ${told}`;
  return `Furthest off ${lead.length === 1 ? 'is' : 'are'} ${listed(lead)}, by the largest gap between distribution functions. ${told}`;
};
