import { type AuditResult, isMeasured, type Measured } from '../../../../latent/audit/index.js';
import { withError } from '../../../../latent/audit/reading/index.js';
import { short } from '../../../../latent/numbers/index.js';
import { csv } from '../../csv.js';
import type { Figure } from '../../figures/index.js';
import { rowsOf } from '../../figures/theory/assemble.js';
import type { Layer } from '../../figures/theory/curve.js';
import { colour } from '../../palette.js';
import { auditFigure, type Drawn, drawing, line, px, rect, text } from '../drawing.js';

const name = 'audit-rate-split';
const title = 'What is the rate spent on?';

const PARTS = {
  mutualInformation: { id: 'information', label: 'information', colour: colour('joint') },
  totalCorrelation: { id: 'correlation', label: 'total correlation', colour: colour('separate') },
  dimensionwiseKl: { id: 'dimensionwise', label: 'dimension-wise KL', colour: colour('tandem') },
} as const satisfies Record<string, Layer>;

interface Split {
  readonly rate: Measured;
  readonly parts: readonly { readonly layer: Layer; readonly measured: Measured }[];
}

/** The rate and the three that sum to it; undefined where one is missing. */
const splitOf = ({ statistics }: AuditResult): Split | undefined => {
  const { rate, mutualInformation, totalCorrelation, dimensionwiseKl } = statistics;
  if (!isMeasured(rate)) return undefined;
  const parts = [
    { layer: PARTS.mutualInformation, statistic: mutualInformation },
    { layer: PARTS.totalCorrelation, statistic: totalCorrelation },
    { layer: PARTS.dimensionwiseKl, statistic: dimensionwiseKl },
  ].flatMap(({ layer, statistic }) => (isMeasured(statistic) ? [{ layer, measured: statistic }] : []));
  return parts.length === 3 ? { rate, parts } : undefined;
};

/** A bracket over the bar: where the end of the information may lie. */
const bracketOver = (x: readonly [number, number], y: number, words: string, width: number): string => {
  const [left, right] = x;
  const middle = Math.min(width - 4, Math.max(left, right));
  const stroke = ' stroke-width="1.5"';
  return (
    line(left, y, right, y, colour('ink'), stroke) +
    line(left, y - 4, left, y + 4, colour('ink'), stroke) +
    line(right, y - 4, right, y + 4, colour('ink'), stroke) +
    text(middle, y - 10, words, { anchor: 'end', size: 12.5 })
  );
};

const bar = ({ rate, parts }: Split, bracket: AuditResult['bracket'], width: number): Drawn => {
  const top = bracket ? 40 : 6;
  const height = 54;
  // Noise may push a part below 0: it is drawn as none.
  const lengths = parts.map(({ measured }) => Math.max(0, measured.value));
  const total = Math.max(
    1e-12,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  const scale = width / total;
  let x = 0;
  const pieces = parts.map(({ layer, measured }, i) => {
    const [at, length] = [x, lengths[i]! * scale];
    x += length;
    const value = short(measured.value);
    const fits = length > value.length * 9 + 20;
    return (
      `<g class="s s-${layer.id}">${rect(at, top, Math.max(0, length - 1), height, layer.colour)}` +
      `${fits ? text(at + 10, top + 33, value, { fill: colour('ground'), size: 15, weight: 600 }) : ''}</g>`
    );
  });
  const ends = bracket?.mutualInformation.map((nats) => Math.min(width, Math.max(0, nats * scale)));
  const over = ends
    ? bracketOver(
        [ends[0]!, ends[1]!],
        top - 10,
        `information ends between ${bracket!.mutualInformation.map(short).join(' and ')}`,
        width,
      )
    : '';
  const shade = ends
    ? `<path d="M${px(ends[0]!)},${top}V${top + height}M${px(ends[1]!)},${top}V${top + height}" stroke="${colour('ground')}" stroke-dasharray="3 3" fill="none" />`
    : '';
  const foot = top + height + 20;
  const axis =
    text(0, foot, '0', { fill: colour('muted') }) +
    text(width, foot, `rate ${short(rate.value)} nats`, { fill: colour('muted'), anchor: 'end' });
  return drawing({ width, height: foot + 8 }, pieces.join('') + shade + over + axis);
};

/** Names and numbers of the parts, one under the other. */
const keyOf = ({ parts }: Split, width: number): Drawn => {
  const columns = width > 600 ? 3 : 1;
  const step = width / columns;
  const body = parts.map(({ layer, measured }, i) => {
    const [x, y] = [(i % columns) * step, 24 * Math.floor(i / columns)];
    return `<g class="s s-${layer.id}">${rect(x, y + 4, 12, 12, layer.colour)}${text(x + 20, y + 15, `${layer.label}  ${withError(measured)}`, { size: 13 })}</g>`;
  });
  return drawing({ width, height: 24 * Math.ceil(parts.length / columns) }, body.join(''));
};

/** The rate as a bar of information, total correlation and dimension-wise KL, in nats; undefined without posteriors. */
export const rateSplit = (result: AuditResult): Figure | undefined => {
  const split = splitOf(result);
  if (!split) return undefined;
  const { bracket } = result;
  const sheet = (width: number) => rowsOf(width, [[keyOf(split, width)], [bar(split, bracket, width)]]);
  const told = split.parts.map(({ layer, measured }) => `${layer.label} ${short(measured.value)}`).join(', ');
  return auditFigure({
    name,
    title,
    answer: answer(split, bracket),
    reading: reading(bracket !== undefined),
    description: `A bar of ${short(split.rate.value)} nats in three parts: ${told}.${bracket ? ` A bracket spans ${bracket.mutualInformation.map(short).join(' to ')} nats, where the information may end.` : ''}`,
    csv: dataOf(split, bracket),
    layers: [],
    wide: sheet(960),
    narrow: sheet(348),
  });
};

const answer = ({ rate, parts }: Split, bracket: AuditResult['bracket']): string => {
  const [information, correlation, dimensions] = parts.map(({ measured }) => measured);
  const share = `${Math.round((100 * information!.value) / Math.max(rate.value, 1e-12))}%`;
  const rest = `The rest is the distance of the codes from N(0, I): ${short(correlation!.value)} nats of dependence between dimensions and ${short(dimensions!.value)} of dimensions that are not N(0, 1).`;
  if (rate.value < 0.5)
    return `There is hardly any rate to spend: ${short(rate.value)} nats, of which ${short(information!.value)} are information.`;
  if (!bracket)
    return `${short(information!.value)} of ${short(rate.value)} nats (${share}) tell of the image. ${rest}`;
  return (
    `Of ${short(rate.value)} nats between ${bracket.mutualInformation.map(short).join(' and ')} tell of the image; ` +
    `between ${bracket.marginalKl.map(short).join(' and ')} are the distance of the codes from N(0, I).`
  );
};

const reading = (saturated: boolean): string =>
  'Rate = information + total correlation + dimension-wise KL; the last two are the marginal KL, which a repaired prior can win back. ± is a 95% interval.' +
  (saturated
    ? ' The split is saturated: the rate is near or above ln N, the most that N codes can tell apart, so that the bar shows the information at its least and the other parts at their largest; the bracket holds the truth.'
    : '');

const dataOf = ({ rate, parts }: Split, bracket: AuditResult['bracket']): string =>
  csv(
    ['part', 'nats', 'se', 'n', 'low', 'high'],
    [
      ...[
        { label: 'rate', measured: rate },
        ...parts.map(({ layer, measured }) => ({ label: layer.label, measured })),
      ].map(({ label, measured: { value, se, n } }) => [
        label,
        value,
        se ?? '',
        n,
        ...(bracket && label === 'information' ? bracket.mutualInformation : ['', '']),
      ]),
      ...(bracket ? [['marginal KL', '', '', '', ...bracket.marginalKl]] : []),
    ],
  );
