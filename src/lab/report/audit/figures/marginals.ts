import type { AuditResult, DimensionPanel } from '../../../../latent/audit/index.js';
import { counted, zName } from '../../../../latent/audit/reading/index.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Sheet } from '../../figures/figure.js';
import type { Figure } from '../../figures/index.js';
import { rounded } from '../../figures/theory/assemble.js';
import { binsOf, coarser, normalDensity, stepsOf, totalOf } from '../density.js';
import { auditFigure, CODES, PRIOR, path } from '../drawing.js';
import { type Tile, type TileAxes, tileSheet } from './tiles.js';

const name = 'audit-marginals';
const title = 'Is each dimension of z N(0, 1)?';
const MOST = { wide: 24, narrow: 12 } as const;
const SIDE = Array.from({ length: 97 }, (_, i) => -4.8 + i / 10);

/** Bins as wide as the number of codes bears (Scott 1979: 3.5 s n^(−1/3)), and at least a tenth. */
const shownBins = ({ histogram, variance }: DimensionPanel) =>
  coarser(binsOf(histogram), Math.min(0.4, Math.max(0.1, 3.5 * Math.sqrt(variance) * totalOf(histogram) ** (-1 / 3))));

const tileOf = (panel: DimensionPanel): Tile => ({
  title: zName(panel.dimension),
  note: `var ${short(panel.variance)}`,
  body: (x, y) => {
    const steps = stepsOf(shownBins(panel)).map(([at, density]) => [x(at), y(density)] as const);
    const area = path([[steps[0]?.[0] ?? 0, y(0)], ...steps, [steps.at(-1)?.[0] ?? 0, y(0)]]);
    const bell = path(SIDE.map((at) => [x(at), y(normalDensity(at))]));
    return (
      `<path class="s s-${CODES.id}" d="${area}Z" fill="${CODES.colour}" fill-opacity="0.35" />` +
      `<path class="s s-${CODES.id}" d="${path(steps)}" fill="none" stroke="${CODES.colour}" stroke-width="1.2" />` +
      `<path class="s s-${PRIOR.id}" d="${bell}" fill="none" stroke="${PRIOR.colour}" stroke-width="1.6" stroke-dasharray="0.1 3.6" stroke-linecap="round" />`
    );
  },
});

/** As high as the bell and most dimensions need; a needle is cut off. */
const axesOf = (panels: readonly DimensionPanel[]): TileAxes => {
  const peaks = panels
    .map((panel) => Math.max(...shownBins(panel).map(({ density }) => density)))
    .sort((a, b) => a - b);
  const usual = peaks[Math.floor(0.75 * (peaks.length - 1))] ?? 0.4;
  return { x: [-4.5, 4.5], y: [0, Math.min(1.2, Math.max(0.44, 1.05 * usual))], xTicks: [-3, 0, 3] };
};

/** The density of each dimension of the codes over that of N(0, 1), the dimensions of highest rate first. */
export const marginals = (result: AuditResult): Figure => {
  const { dimensions } = result.panels;
  const sheet = (most: number, width: number, columns: number): Sheet =>
    tileSheet(dimensions.slice(0, most).map(tileOf), axesOf(dimensions.slice(0, most)), {
      width,
      columns,
      aspect: 0.62,
      key: `${name}-${width}-tile`,
    });
  return auditFigure({
    name,
    title,
    answer: answer(dimensions),
    reading: reading(result),
    description: `Small densities of ${counted(Math.min(MOST.wide, dimensions.length), 'dimension')} of z, each over the bell of N(0, 1): ${dimensions
      .slice(0, MOST.wide)
      .map(({ dimension, mean, variance }) => `${zName(dimension)} mean ${short(mean)}, variance ${short(variance)}`)
      .join('; ')}.`,
    csv: csv(
      ['dimension', 'low', 'high', 'count', 'density', 'normal'],
      dimensions.flatMap(({ dimension, histogram }) =>
        binsOf(histogram).map(({ low, high, count, density }) => [
          dimension,
          low,
          high,
          count,
          rounded(density),
          rounded(normalDensity((low + high) / 2)),
        ]),
      ),
    ),
    layers: [CODES, { ...PRIOR, label: 'N(0, 1)' }],
    wide: sheet(MOST.wide, 960, dimensions.length > 4 ? 6 : 4),
    narrow: sheet(MOST.narrow, 348, dimensions.length === 1 ? 1 : 2),
  });
};

const answer = (panels: readonly DimensionPanel[]): string => {
  const variances = panels.map(({ variance }) => variance);
  const mean = Math.max(...panels.map((panel) => Math.abs(panel.mean)));
  const [least, most] = [Math.min(...variances), Math.max(...variances)];
  const rejected = panels.filter(({ ks }) => ks.pValue < 0.05).length;
  const verdict =
    rejected === 0
      ? `No dimension differs from N(0, 1) by more than chance`
      : `${rejected} of ${counted(panels.length, 'dimension')} ${rejected === 1 ? 'differs' : 'differ'} from N(0, 1) by more than chance`;
  const range = panels.length === 1 ? short(least) : `${short(least)} to ${short(most)}`;
  return `${verdict} (Kolmogorov–Smirnov, 5%, Holm). Variances: ${range}, where N(0, 1) has 1; means at most ${short(mean)} from 0.`;
};

const reading = ({ codes, panels }: AuditResult): string => {
  const { length } = panels.dimensions;
  const order = codes.train.posteriors ? 'highest rate' : 'largest Kolmogorov–Smirnov distance';
  const shown =
    length > MOST.narrow
      ? ` Drawn are the ${length > MOST.wide ? `${MOST.wide} ` : ''}dimensions of ${order} first${length > MOST.wide ? '' : ''} (${MOST.narrow} on a narrow page); the CSV holds ${length}.`
      : '';
  return `Blue: one draw z ~ q(z|x) a code; dotted: N(0, 1). var: variance of the dimension; peaks above the frame are cut off.${shown}`;
};
