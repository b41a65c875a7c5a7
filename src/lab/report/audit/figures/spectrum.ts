import * as Plot from '@observablehq/plot';
import type { AuditResult } from '../../../../latent/audit/index.js';
import { counted } from '../../../../latent/audit/reading/index.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import { dots } from '../../figures/theory/curve.js';
import { drawFrame, note, plain, type Size } from '../../figures/theory/frame.js';
import { niceSteps } from '../../figures/ticks.js';
import { colour } from '../../palette.js';
import { auditFigure, CODES, type Drawn, PRIOR } from '../drawing.js';

const name = 'audit-spectrum';
const title = 'Is z equally wide in every direction?';

/** Eigenvalues that a logarithmic axis can show. */
const shownOf = (spectrum: readonly number[]): (readonly [number, number])[] =>
  spectrum.map((value, i) => [i + 1, value] as const).filter(([, value]) => value > 1e-12);

const panel = (spectrum: readonly number[], size: Size): Drawn => {
  const points = shownOf(spectrum);
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(0.5, ...values) / 1.25, Math.max(2, ...values) * 1.25];
  const last = Math.max(2, spectrum.length);
  const steps = niceSteps(1, last, size.width > 600 ? 10 : 5).filter(Number.isInteger);
  const svg = drawFrame({
    ...size,
    x: {
      label: 'principal axis, the widest first',
      domain: [1 - last / 40, last + last / 40],
      ticks: [...new Set([1, ...steps])].filter((tick) => tick <= spectrum.length),
    },
    y: { label: 'Variance along the axis', domain: [low, high], type: 'log', format: plain },
    marks: [
      Plot.ruleY([1], {
        stroke: PRIOR.colour,
        strokeWidth: 2,
        strokeDasharray: '0.1 5',
        strokeLinecap: 'round',
        className: `s s-${PRIOR.id}`,
      }),
      dots(points, { fill: CODES.colour, r: spectrum.length > 60 ? 2.6 : 4, id: CODES.id }),
      note([last + last / 40, 1], 'N(0, I): 1', colour('normal'), { anchor: 'end', dy: -10 }, PRIOR.id),
    ],
  });
  return { ...size, svg };
};

/** Eigenvalues of the covariance of the codes against 1, the variance of N(0, I) in every direction. */
export const spectrum = (result: AuditResult): Figure => {
  const { spectrum: values } = result.panels;
  return auditFigure({
    name,
    title,
    answer: answer(values),
    reading:
      'Eigenvalues of the covariance of the codes on a logarithmic axis. Above the dotted line draws of N(0, I) are too narrow to reach the codes, below it they go where no code is.' +
      (shownOf(values).length < values.length
        ? ` ${counted(values.length - shownOf(values).length, 'direction')} without any width cannot be shown.`
        : ''),
    description: `Dots falling from ${short(values[0]!)} to ${short(values.at(-1)!)} over ${counted(values.length, 'principal axis').replace('axiss', 'axes')}, with a dotted line at 1.`,
    csv: csv(
      ['axis', 'variance'],
      values.map((value, i) => [i + 1, value]),
    ),
    layers: [{ ...CODES, label: 'codes' }, PRIOR],
    wide: rowsOf(960, [[panel(values, { width: 960, height: 320 })]]),
    narrow: rowsOf(348, [[panel(values, { width: 348, height: 260 })]]),
  });
};

const answer = (values: readonly number[]): string => {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (values.length === 1) return `There is one direction; its variance is ${short(total)}.`;
  const near = values.filter((value) => value > 0.9 && value < 1.1).length;
  return (
    `From ${short(values[0]!)} along the widest axis to ${short(values.at(-1)!)} along the narrowest; ${near} of ${values.length} lie within 10% of 1. ` +
    `Together the codes have a variance of ${short(total)}, N(0, I) has ${values.length}.`
  );
};
