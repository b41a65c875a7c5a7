import * as Plot from '@observablehq/plot';
import type { AuditResult, DimensionPanel } from '../../../../latent/audit/index.js';
import { counted, pText, zName } from '../../../../latent/audit/reading/index.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { legendPanel } from '../../figures/legendPanel.js';
import { rounded, rowsOf } from '../../figures/theory/assemble.js';
import type { Layer } from '../../figures/theory/curve.js';
import { drawFrame, plain, type Size } from '../../figures/theory/frame.js';
import { colour } from '../../palette.js';
import { listed } from '../../words.js';
import { auditFigure, CODES, type Drawn } from '../drawing.js';

const name = 'audit-dimensions';
const title = 'Which dimensions are far from N(0, 1)?';
const RATE: Layer = { id: 'rate', label: 'rate of the dimension', colour: colour('random-z') };

interface Bars {
  /** By size, the largest first. */
  readonly shown: readonly DimensionPanel[];
  readonly label: string;
  readonly value: (panel: DimensionPanel) => number;
  readonly rates: boolean;
  readonly layer: Layer;
}

const barsOf = ({ panels }: AuditResult): Bars => {
  const known = panels.dimensions.every(({ kl }) => kl !== undefined);
  const value = known ? ({ kl }: DimensionPanel) => kl!.value : ({ ks }: DimensionPanel) => ks.value;
  return {
    shown: [...panels.dimensions].sort((a, b) => value(b) - value(a)),
    label: known ? 'KL of the dimension to N(0, 1)  (nats)' : 'Kolmogorov–Smirnov distance',
    value,
    rates: known && panels.dimensions.every(({ rate }) => rate !== undefined),
    layer: { ...CODES, label: known ? 'KL of the dimension to N(0, 1)' : 'Kolmogorov–Smirnov distance' },
  };
};

/** Every bar, or every second, third, … has its name: as many as there is room for. */
const named = (count: number, width: number): number[] => {
  const every = Math.max(1, Math.ceil(count / Math.max(1, Math.floor((width - 56) / 30))));
  return Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
};

const panel = (
  { shown, label }: Bars,
  value: (panel: DimensionPanel) => number,
  fill: string,
  size: Size,
  yLabel = label,
): Drawn => {
  const half = Math.min(0.4, (20 * shown.length) / size.width);
  const bars = shown.map((each, i) => ({ x: i, y: Math.max(0, value(each)), error: each.kl?.se }));
  const high = Math.max(5e-3, ...bars.map(({ y, error }) => y + 1.96 * (yLabel === label ? (error ?? 0) : 0)));
  const svg = drawFrame({
    ...size,
    x: {
      label: 'dimension, the furthest first',
      domain: [-0.6, shown.length - 0.4],
      ticks: named(shown.length, size.width),
      format: (i) => zName(shown[i]!.dimension),
    },
    y: { label: yLabel, domain: [0, 1.06 * high], format: plain },
    marks: [
      Plot.rectY(bars, {
        x1: ({ x }: { x: number }) => x - half,
        x2: ({ x }: { x: number }) => x + half,
        y1: 0,
        y2: 'y',
        fill,
      }),
      ...(yLabel === label
        ? [
            Plot.ruleX(
              bars.filter(({ error }) => error !== undefined && error * 1.96 > high / 200),
              {
                x: 'x',
                y1: ({ y, error }: { y: number; error?: number | undefined }) => Math.max(0, y - 1.96 * error!),
                y2: ({ y, error }: { y: number; error?: number | undefined }) => y + 1.96 * error!,
                stroke: colour('ink'),
              },
            ),
          ]
        : []),
    ],
  });
  return { ...size, svg };
};

/** The KL of each dimension's marginal to N(0, 1), with its rate below; without posteriors the Kolmogorov–Smirnov distance. */
export const dimensionKl = (result: AuditResult): Figure => {
  const bars = barsOf(result);
  const rate = ({ rate: nats }: DimensionPanel): number => nats ?? 0;
  const rows = (size: Size): Drawn[][] => [
    [panel(bars, bars.value, bars.layer.colour, size)],
    ...(bars.rates ? [[panel(bars, rate, RATE.colour, { ...size, height: 0.8 * size.height }, 'Rate  (nats)')]] : []),
  ];
  return auditFigure({
    name,
    title,
    answer: answer(result, bars),
    reading: reading(result, bars),
    description: `Bars of ${bars.label} for ${counted(bars.shown.length, 'dimension')}, from ${short(bars.value(bars.shown[0]!))} down to ${short(bars.value(bars.shown.at(-1)!))}${bars.rates ? '; below, the rate of the same dimensions' : ''}.`,
    csv: dataOf(bars),
    layers: bars.rates ? [bars.layer, RATE] : [],
    wide: rowsOf(960, [
      ...(bars.rates ? [[legendPanel([bars.layer, RATE], 960)]] : []),
      ...rows({ width: 960, height: 260 }),
    ]),
    narrow: rowsOf(348, rows({ width: 348, height: 220 })),
  });
};

const answer = ({ panels }: AuditResult, { shown, value, rates }: Bars): string => {
  const [first] = shown;
  const sum = shown.reduce((all, each) => all + Math.max(0, value(each)), 0);
  const lead = shown.slice(0, 3).map((each) => `${zName(each.dimension)} ${short(value(each))}`);
  if (!first?.kl) {
    return `${listed(lead)} lie furthest from N(0, 1) by the largest gap between distribution functions; ${zName(first!.dimension)} has ${pText(first!.ks.pValue)}.`;
  }
  const rejected = panels.dimensions.filter(({ ks }) => ks.pValue < 0.05).length;
  const idle = rates ? shown.filter(({ rate }) => rate! < 0.01).length : 0;
  return (
    `${listed(lead)} nats are the largest of ${short(sum)} nats over ${counted(shown.length, 'dimension')}. The Kolmogorov–Smirnov test ` +
    `rejects N(0, 1) in ${rejected === 0 ? 'none' : rejected} of them (5%, Holm).${idle > 0 ? ` ${counted(idle, 'dimension')} ${idle === 1 ? 'has' : 'have'} a rate below 0.01 nats: unused.` : ''}`
  );
};

const reading = ({ codes, panels }: AuditResult, { rates }: Bars): string => {
  const left = codes.latents - panels.dimensions.length;
  return (
    'Each dimension alone against N(0, 1); dependence between dimensions is not seen here. Thin lines are 95% intervals.' +
    (rates ? ' A high rate beside a small KL is a dimension that tells of the image and still fits the prior.' : '') +
    (left > 0 ? ` The ${left} dimensions of least ${rates ? 'rate' : 'distance'} are left out.` : '')
  );
};

const dataOf = ({ shown }: Bars): string =>
  csv(
    ['dimension', 'kl', 'kl_se', 'rate', 'mean', 'variance', 'mu_variance', 'ks', 'ks_p'],
    shown.map(({ dimension, kl, rate, mean, variance, muVariance, ks }) => [
      dimension,
      kl === undefined ? '' : rounded(kl.value),
      kl?.se ?? '',
      rate ?? '',
      mean,
      variance,
      muVariance ?? '',
      ks.value,
      ks.pValue,
    ]),
  );
