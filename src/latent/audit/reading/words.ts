import { integer, short, withInterval } from '../../numbers/index.js';
import type { Measured } from '../result.js';
import type { Named } from './names.js';

const Z975 = 1.959964;

/** Without the zeros after the point that say nothing: `0.005`, `50`. */
const trimmed = (text: string): string => text.replace(/(\.\d*?)0+(?=$| )/, '$1').replace(/\.(?=$| )/, '');

/** `15.8%`, `0.95%`, `50%`. */
export const percent = (share: number): string => `${trimmed(short(100 * share))}%`;

const written = (value: number, form: Named['form']): string =>
  form === 'percent' ? percent(value) : form === 'count' ? integer(value) : short(value);

/** The value alone: `15.8%`, `12`, `4.50`. */
export const bareValue = ({ value }: Measured, form?: Named['form']): string => written(value, form);

/** Value with its 95% interval: `24.50 ± 0.12`, `15.8% (15.1% to 16.5%)`. */
export const withError = (measured: Measured, form?: Named['form']): string => {
  const { value, se, interval } = measured;
  if (interval) return `${written(value, form)} (${written(interval[0], form)} to ${written(interval[1], form)})`;
  return se !== undefined && form === undefined ? withInterval({ value, half: Z975 * se }) : written(value, form);
};

/** `p < 0.001`, `p = 0.32`. */
export const pText = (p: number): string => (p < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${trimmed(short(p))}`);

/** A unit worth naming after a number. */
export const unitText = (unit: string): string => (['share', 'none', 'dimensions', ''].includes(unit) ? '' : unit);

/** `z17`. */
export const zName = (dimension: number): string => `z${dimension}`;

/** `1 dimension`, `16 dimensions`. */
export const counted = (n: number, noun: string): string => `${integer(n)} ${noun}${n === 1 ? '' : 's'}`;
