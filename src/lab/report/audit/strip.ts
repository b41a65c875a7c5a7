import type { Measured, NoiseFloor } from '../../../latent/audit/index.js';
import { floorStrip, floorWords, medianOf, placeOf } from '../../../latent/audit/reading/index.js';
import { short } from '../../../latent/numbers/index.js';
import { html, type Markup, trusted } from '../html.js';
import { colour } from '../palette.js';
import { line, px, rect } from './drawing.js';

const WIDTH = 260;
const HEIGHT = 26;
const EDGE = 8;
const MIDDLE = HEIGHT / 2;
/** Ours as a mark on the distribution of the statistic for sets of true N(0, I) draws. */
export const noiseFloorStrip = (name: string, { value }: Measured, floor: NoiseFloor): Markup => {
  const strip = floorStrip(value, floor);
  const { beyond } = strip;
  const x = (share: number): number => EDGE + share * (WIDTH - 2 * EDGE);
  const [low, quarter, median, threeQuarters, high] = [
    strip.low,
    strip.quarter,
    strip.median,
    strip.threeQuarters,
    strip.high,
  ].map(x) as [number, number, number, number, number];
  const normal = colour('normal');
  const mark = x(strip.mark);
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
  return html`<svg class="strip" role="img" aria-label="${name}: ${floorWords(value, floor)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">${trusted(drawn)}</svg>
    <small>N(0, I): median ${short(medianOf(floor))}; ours is ${placeOf(value, floor)}</small>`;
};
