import { estimate } from '../../vae/training/index.js';
import type { Measured } from '../audit/result.js';

/** Of the normal distribution: 95% within ± so many standard errors. */
const Z95 = 1.959964;

/** A value with its standard error and the interval that follows from it. */
export const withError = (value: number, se: number, rest: Pick<Measured, 'n' | 'unit' | 'seed' | 'by'>): Measured => ({
  value,
  se,
  interval: [value - Z95 * se, value + Z95 * se],
  ...rest,
});

/** Mean of independent values. Shapes: [n], n at least 2. */
export const meanOf = (values: ArrayLike<number>, rest: Pick<Measured, 'unit' | 'seed' | 'by'>): Measured => {
  const { value, se, n } = estimate(values);
  return withError(value, se, { ...rest, n });
};
