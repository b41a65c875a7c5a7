import type { Estimate } from '../../vae/training/index.js';

/** A value and the half width of its 95% interval. */
export interface Interval {
  readonly value: number;
  readonly half: number;
}

const z975 = 1.959963984540054;
const t975 = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622];

/**
 * 97.5% quantile of Student's t.
 *
 *   t = z + (z³ + z)/4ν + (5z⁵ + 16z³ + 3z)/96ν², z = 1.95996; tabulated below ν = 10
 *
 * Domain: ν = 1, 2, 3, ...; the expansion is within 0.001 from ν = 10 on.
 * Source: Abramowitz & Stegun 1964, 26.7.5.
 */
export const studentT975 = (degrees: number): number => {
  const z = z975;
  return (
    t975[degrees - 1] ?? z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2)
  );
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The 95% interval of one estimate (±1.96 standard errors), or of the mean over seeds when there are several
 * (±t·s/√n with Student's t, from the spread between the seeds alone).
 */
export const interval = (estimates: readonly Estimate[]): Interval => {
  if (estimates.length === 1) return { value: estimates[0]!.value, half: z975 * estimates[0]!.se };
  const values = estimates.map((estimate) => estimate.value);
  const centre = mean(values);
  const n = values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (n - 1));
  return { value: centre, half: studentT975(n - 1) * (spread / Math.sqrt(n)) };
};

/** What a figure draws at one moment: ±1.96 standard errors of one run, or the lowest and highest of several seeds. */
export const band = (estimates: readonly Estimate[]): { value: number; low: number; high: number } => {
  if (estimates.length === 1) {
    const { value, half } = interval(estimates);
    return { value, low: value - half, high: value + half };
  }
  const values = estimates.map((estimate) => estimate.value);
  return { value: mean(values), low: Math.min(...values), high: Math.max(...values) };
};
