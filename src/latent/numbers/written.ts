import type { Interval } from './interval.js';

const minus = '\u2212';
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Written for values that are not there or not finite. */
export const absent = 'n/a';

const superscript = (exponent: number): string =>
  (exponent < 0 ? '⁻' : '') + [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join('');

const fixed = (value: number, decimals: number): string => {
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return value < 0 && /[1-9]/.test(text) ? minus + text : text;
};

/** `10,000`. */
export const integer = (value: number): string => (Number.isFinite(value) ? fixed(value, 0) : absent);

/** Decimals that show `digits` significant digits of `value`. */
const decimalsFor = (value: number, digits: number): number =>
  Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));

/** Three significant digits: `96.7`, `0.00213`, `3.1 × 10⁻⁷`. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return absent;
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -4) return `${fixed(value / 10 ** exponent, 1)} × 10${superscript(exponent)}`;
  return fixed(value, decimalsFor(value, 3));
};

/** A half width of this share of its value is rounding: all values were the same. */
const ROUNDING = 1e-9;

/**
 * Value and interval to the decimals that the interval supports: one digit of it, two when it starts with a one and four decimals do; five decimals
 * where they still show it.
 * `−96.7 ± 0.4`, `19.42 ± 0.14`. A value far under 0.0001 takes a power of ten.
 */
export const withInterval = ({ value, half }: Interval): string => {
  if (!Number.isFinite(value)) return absent;
  if (!Number.isFinite(half) || half <= ROUNDING * Math.abs(value)) return short(value);
  const largest = Math.max(Math.abs(value), half);
  const exponent = Math.floor(Math.log10(largest));
  if (exponent < -4) {
    const scale = 10 ** exponent;
    const scaled = withInterval({ value: value / scale, half: half / scale });
    return `(${scaled}) × 10${superscript(exponent)}`;
  }
  const leading = half / 10 ** Math.floor(Math.log10(half));
  const two = decimalsFor(half, 2);
  const one = decimalsFor(half, 1);
  const decimals = leading < 1.95 && two <= 4 ? two : one === 6 && half >= 5e-6 ? 5 : one;
  return `${fixed(value, decimals)} ± ${fixed(half, decimals)}`;
};

/** A tick of an axis: `0.01`, `200`, `10⁻⁵`. */
export const tick = (value: number): string => {
  const exponent = Math.round(Math.log10(Math.abs(value)));
  const power = value > 0 && Math.abs(Math.log10(value) - exponent) < 1e-9;
  if (power && (exponent < -3 || exponent > 4)) return `10${superscript(exponent)}`;
  return `${value < 0 ? minus : ''}${Number(Math.abs(value).toPrecision(6))}`;
};

/** `4 min 10 s`, `12 s`, `1 h 2 min`. */
export const duration = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return absent;
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 ? fixed(seconds, 1) : whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
};
