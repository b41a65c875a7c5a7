import * as Plot from '@observablehq/plot';
import type { AuditResult } from '../../../../latent/audit/index.js';
import { zName } from '../../../../latent/audit/reading/index.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import { dots } from '../../figures/theory/curve.js';
import { drawFrame, note, plain, type Size } from '../../figures/theory/frame.js';
import { niceSteps } from '../../figures/ticks.js';
import { colour } from '../../palette.js';
import { auditFigure, CODES, type Drawn } from '../drawing.js';

const name = 'audit-active-units';
const title = 'How many dimensions does the encoder use?';
const FLOOR = 1e-7;

interface Units {
  /** Var(μ_d) by size, the largest first. */
  readonly variances: readonly { readonly dimension: number; readonly value: number }[];
  readonly counts: readonly { readonly threshold: number; readonly count: number }[];
  readonly latents: number;
}

const unitsOf = ({ panels, codes }: AuditResult): Units | undefined => {
  if (!panels.activeUnits || panels.activeUnits.length === 0) return undefined;
  const variances = panels.dimensions
    .flatMap(({ dimension, muVariance }) => (muVariance === undefined ? [] : [{ dimension, value: muVariance }]))
    .sort((a, b) => b.value - a.value);
  return { variances, counts: panels.activeUnits, latents: codes.latents };
};

const panel = ({ variances, counts, latents }: Units, size: Size): Drawn => {
  const points = variances.map(({ value }, i) => [i + 1, Math.max(FLOOR, value)] as const);
  const values = [...points.map(([, value]) => value), ...counts.map(({ threshold }) => threshold)];
  const last = Math.max(2, variances.length);
  const right = last + last / 40;
  const svg = drawFrame({
    ...size,
    x: {
      label: 'dimension, the largest Var(μ) first',
      domain: [1 - last / 40, right],
      ticks: [...new Set([1, ...niceSteps(1, last, size.width > 600 ? 10 : 5).filter(Number.isInteger)])].filter(
        (tick) => tick <= variances.length,
      ),
    },
    y: { label: 'Var(μ) over images', domain: [Math.min(...values) / 2, Math.max(1.5, ...values) * 1.4], type: 'log' },
    marginRight: latents < 100 ? 108 : 124,
    grid: false,
    marks: [
      ...counts.flatMap(({ threshold, count }) => [
        Plot.ruleY([threshold], {
          stroke: threshold === 0.01 ? colour('ink') : colour('muted'),
          strokeDasharray: '4 4',
        }),
        note(
          [right, threshold],
          `${count} of ${latents} > ${plain(threshold)}`,
          threshold === 0.01 ? colour('ink') : colour('muted'),
          {
            dx: 6,
          },
        ),
      ]),
      dots(points, { fill: CODES.colour, r: points.length > 48 ? 3 : 4.2, id: CODES.id }),
    ],
  });
  return { ...size, svg };
};

/** Var(μ_d) of every dimension against the thresholds above which it counts as active; undefined without posteriors. */
export const activeUnits = (result: AuditResult): Figure | undefined => {
  const units = unitsOf(result);
  if (!units) return undefined;
  const { variances, counts, latents } = units;
  const left = latents - variances.length;
  return auditFigure({
    name,
    title,
    answer: answer(units),
    reading:
      'Var(μ): how far the mean of a code moves from image to image in a dimension. A dimension whose mean stays in place tells nothing. The threshold 0.01 is customary; a count that hangs on it would change between the dashed lines.' +
      (variances.some(({ value }) => value < FLOOR) ? ' Variances below 10⁻⁷ are drawn there.' : '') +
      (left > 0
        ? ` The dots are the ${variances.length} dimensions of highest rate, the counts those of all ${latents}.`
        : ''),
    description: `Dots of Var(μ) from ${short(variances[0]?.value ?? 0)} down to ${short(variances.at(-1)?.value ?? 0)} on a logarithmic axis; ${counts.map(({ threshold, count }) => `${count} above ${threshold}`).join(', ')}.`,
    csv: csv(
      ['kind', 'dimension', 'variance', 'threshold', 'count'],
      [
        ...variances.map(({ dimension, value }) => ['Var(mu)', dimension, value, '', '']),
        ...counts.map(({ threshold, count }) => ['active units', '', '', threshold, count]),
      ],
    ),
    layers: [],
    wide: rowsOf(960, [[panel(units, { width: 960, height: 320 })]]),
    narrow: rowsOf(348, [[panel(units, { width: 348, height: 280 })]]),
  });
};

const answer = ({ variances, counts, latents }: Units): string => {
  const at = counts.find(({ threshold }) => threshold === 0.01) ?? counts[0]!;
  const others = counts.filter((each) => each !== at);
  const same = others.every(({ count }) => count === at.count);
  const rest = same
    ? `as many at ${others.map(({ threshold }) => plain(threshold)).join(' and ')}`
    : others.map(({ threshold, count }) => `${count} at ${plain(threshold)}`).join(', ');
  const [first] = variances;
  const used = `${at.count} of ${latents} ${latents === 1 ? 'unit is' : 'units are'} active at the threshold ${plain(at.threshold)}, ${rest}.`;
  return first
    ? `${used} The mean moves most in ${zName(first.dimension)}, with a variance of ${short(first.value)}.`
    : used;
};
