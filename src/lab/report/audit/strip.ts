import { FLOOR_AT as AT, floorScale, type Measured, type NoiseFloor } from '../../../latent/audit/index.js';
import { html, type Markup, trusted } from '../html.js';
import { integer, short } from '../numbers.js';
import { colour } from '../palette.js';
import { line, px, rect } from './drawing.js';

const WIDTH = 260;
const HEIGHT = 26;
const EDGE = 8;
const MIDDLE = HEIGHT / 2;
/** Where ours lies among them, in words. */
export const placeOf = (value: number, { quantiles, mean, sd }: NoiseFloor): string => {
  const [low, high, highest] = [quantiles[AT.low]!, quantiles[AT.high]!, quantiles[AT.highest]!];
  const place =
    value > highest
      ? 'above 99% of them'
      : value > high
        ? 'above 97.5% of them'
        : value < low
          ? 'below 97.5% of them'
          : 'inside the middle 95%';
  const away = Math.abs(value - mean) / sd;
  if (!Number.isFinite(away) || away < 4) return place;
  return `${place}, ${short(away)} standard deviations from their mean`;
};

/** Ours as a mark on the distribution of the statistic for sets of true N(0, I) draws. */
export const noiseFloorStrip = (name: string, { value }: Measured, floor: NoiseFloor): Markup => {
  const { quantiles, replicates } = floor;
  const { x, beyond } = floorScale(value, floor, WIDTH, EDGE);
  const [low, quarter, median, threeQuarters, high] = [AT.low, AT.quarter, AT.median, AT.threeQuarters, AT.high].map(
    (i) => x(quantiles[i]!),
  ) as [number, number, number, number, number];
  const normal = colour('normal');
  const mark = x(value);
  const gap = mark - beyond * 16;
  const broken =
    beyond === 0
      ? ''
      : `<path d="M${px(gap - 5)},${MIDDLE + 6}l4,-12M${px(gap + 1)},${MIDDLE + 6}l4,-12" stroke="${colour('muted')}" stroke-width="1.4" fill="none" />`;
  const drawn =
    line(EDGE, MIDDLE, WIDTH - EDGE, MIDDLE, colour('line'), ' stroke-width="1.5"') +
    rect(low, MIDDLE - 6, Math.max(1, high - low), 12, normal, ' fill-opacity="0.16"') +
    rect(quarter, MIDDLE - 6, Math.max(1, threeQuarters - quarter), 12, normal, ' fill-opacity="0.26"') +
    line(median, MIDDLE - 6, median, MIDDLE + 6, normal, ' stroke-width="1.6"') +
    broken +
    `<path d="M${px(mark)},${MIDDLE - 8}l6,8l-6,8l-6,-8z" fill="${colour('accent')}" stroke="${colour('ground')}" />`;
  const words = `${short(value)}; ${integer(replicates)} sets of N(0, I) draws have a median of ${short(quantiles[AT.median]!)}; ours is ${placeOf(value, floor)}`;
  return html`<svg class="strip" role="img" aria-label="${name}: ${words}" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">${trusted(drawn)}</svg>
    <small>N(0, I): median ${short(quantiles[AT.median]!)}; ours is ${placeOf(value, floor)}</small>`;
};
