import * as Plot from '@observablehq/plot';
import { type AuditResult, isMeasured } from '../../../../latent/audit/index.js';
import { pText } from '../../../../latent/audit/reading/index.js';
import { chiDensity, chiMean } from '../../../../latent/codes/index.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { legendPanel } from '../../figures/legendPanel.js';
import { rounded, rowsOf } from '../../figures/theory/assemble.js';
import { curve } from '../../figures/theory/curve.js';
import { drawFrame, plain, type Size } from '../../figures/theory/frame.js';
import { type Bin, binsOf, coarser, stepsOf } from '../density.js';
import { auditFigure, CODES, type Drawn, PRIOR } from '../drawing.js';

const name = 'audit-radius';
const title = 'Do the codes lie as far from 0 as draws of N(0, I)?';

const layers = (latents: number) => [
  CODES,
  { ...PRIOR, label: `N(0, I): χ with ${latents} ${latents === 1 ? 'degree' : 'degrees'} of freedom` },
];

/** At most about a hundred bins where the codes are. */
const shownBins = ({ panels }: AuditResult): Bin[] => {
  const bins = binsOf(panels.radius);
  const held = bins.filter(({ count }) => count > 0);
  const span = (held.at(-1)?.high ?? 1) - (held[0]?.low ?? 0);
  return coarser(bins, span / 60);
};

const panel = (result: AuditResult, size: Size): Drawn => {
  const { latents } = result.codes;
  const bins = shownBins(result);
  const peak = Math.max(...bins.map(({ density }) => density));
  const shell = Math.sqrt(latents);
  const held = bins.filter(({ density }) => density > 2e-3 * peak);
  const domain = [
    Math.max(0, Math.min(shell - 3, held[0]?.low ?? 0)),
    Math.max(shell + 3, held.at(-1)?.high ?? 0),
  ] as const;
  const chi = Array.from({ length: 201 }, (_, i) => {
    const r = domain[0] + ((domain[1] - domain[0]) * i) / 200;
    return [r, chiDensity(r, latents)] as const;
  });
  const svg = drawFrame({
    ...size,
    x: { label: '‖z‖', domain },
    y: { label: 'Density of ‖z‖', domain: [0, 1.08 * Math.max(peak, ...chi.map(([, y]) => y))], format: plain },
    marks: [
      Plot.areaY(stepsOf(bins), {
        x: (p) => p[0],
        y1: 0,
        y2: (p) => p[1],
        fill: CODES.colour,
        fillOpacity: 0.25,
        clip: true,
        className: `s s-${CODES.id}`,
      }),
      curve(CODES, stepsOf(bins), 1.5),
      curve(PRIOR, chi, 2.2),
    ],
  });
  return { ...size, svg };
};

const meanOf = (bins: readonly Bin[]): number => {
  const mass = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, { count, low, high }) => sum + (count * (low + high)) / 2, 0) / mass;
};

/** The density of ‖z‖ of the codes over that of N(0, I), the χ distribution of D degrees of freedom. */
export const radius = (result: AuditResult): Figure => {
  const { latents } = result.codes;
  return auditFigure({
    name,
    title,
    answer: answer(result),
    reading: `Draws of N(0, I) in ${latents} ${latents === 1 ? 'dimension' : 'dimensions'} lie ${latents === 1 ? 'around 0' : `on a shell of radius about √${latents} = ${short(Math.sqrt(latents))}`}; codes inside it are too short, codes beyond too long, and a second hump is a group of images apart.`,
    description: `Density of the norm of z of the codes, mean ${short(meanOf(binsOf(result.panels.radius)))}, over the dotted density of the chi distribution, mean ${short(chiMean(latents))}.`,
    csv: csv(
      ['low', 'high', 'count', 'density', 'chi'],
      binsOf(result.panels.radius).map(({ low, high, count, density }) => [
        low,
        high,
        count,
        rounded(density),
        rounded(chiDensity((low + high) / 2, latents)),
      ]),
    ),
    layers: layers(latents),
    wide: rowsOf(960, [[legendPanel(layers(latents), 960)], [panel(result, { width: 960, height: 320 })]]),
    narrow: rowsOf(348, [[panel(result, { width: 348, height: 260 })]]),
  });
};

const answer = ({ codes, panels, statistics }: AuditResult): string => {
  const { radius: test } = statistics;
  const told = isMeasured(test)
    ? ` The distribution functions of ‖z‖² differ by up to ${short(test.value)}${test.pValue === undefined ? '' : ` (${pText(test.pValue)})`}.`
    : '';
  return `‖z‖ of the codes is ${short(meanOf(binsOf(panels.radius)))} on average, of N(0, I) ${short(chiMean(codes.latents))}.${told}`;
};
