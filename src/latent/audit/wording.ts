/** Numbers in the sentences of an audit. */

const minus = '\u2212';

/** Three significant digits: `4.27`, `0.0123`, `812`; no exponent from 1e-4 on. */
export const digits = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const sign = value < 0 ? minus : '';
  if (size === 0) return '0';
  if (size < 1e-4) return `${sign}${size.toExponential(1)}`;
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return sign + separated(size.toFixed(decimals));
};

/** A share as a percentage: `12.3%`, `0.95%`, `54%`. */
export const percent = (share: number): string => `${digits(100 * share)}%`;

const separated = (text: string): string => text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');

/** `a mixture of 40 full Gaussians`. There is one aggregate posterior, and what it draws lies around training codes. */
export const withArticle = (density: string): string => {
  if (density === 'aggregate posterior') return 'the aggregate posterior (which replays training codes)';
  return density.startsWith('one ') ? density : `a ${density}`;
};

/** `2,000`. */
export const grouped = (n: number): string => separated(String(n));

/** `1 row`, `2,000 rows`. */
export const count = (n: number, noun: string): string => `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;

/** `3, 5, 8` or `3, 5, 8, … (20 in all)`. */
export const listed = (values: readonly number[]): string =>
  values.length <= 8 ? values.join(', ') : `${values.slice(0, 8).join(', ')}, … (${values.length} in all)`;
