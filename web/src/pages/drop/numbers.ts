import { isMeasured, type Measured, type Statistic } from '../../../../src/latent/audit/index.js';
import type { Named } from '../../../../src/latent/audit/reading/index.js';
import { short } from '../../../../src/latent/numbers/index.js';

export { short };

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
