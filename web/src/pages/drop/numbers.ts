import { isMeasured, type Measured, type Named, type Statistic } from '../../../../src/latent/audit/index.js';

const minus = (text: string): string => text.replace('-', '−');

/** Three significant digits: `12.3`, `0.0123`, `1.2e-7`. */
export const short = (value: number): string => {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-4) return minus(value.toExponential(1));
  return minus(size >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3))));
};

export const shown = (value: number, form: Named['form']): string =>
  form === 'percent' ? `${short(100 * value)}%` : form === 'count' ? String(value) : short(value);

export const interval = ({ interval: range, se, value }: Measured, form: Named['form']): string => {
  const [low, high] = range ?? (se ? [value - 1.96 * se, value + 1.96 * se] : []);
  return low === undefined || high === undefined ? '' : `${shown(low, form)} … ${shown(high, form)}`;
};

export const gain = ({ value, se = 0 }: Measured): string =>
  `${value > 0 ? '+' : ''}${short(value)} ± ${short(se)} nats`;

export const measuredOf = (statistic: Statistic): Measured | undefined =>
  isMeasured(statistic) ? statistic : undefined;
