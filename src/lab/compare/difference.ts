import { studentT975 } from '../../latent/numbers/index.js';
import type { Estimate } from '../studies/study.js';

/** The mean of one side: its variance and the degrees of freedom that this is known with. */
interface Side {
  readonly mean: number;
  readonly variance: number;
  readonly degrees: number;
}

export interface WelchInterval {
  readonly value: number;
  /** Half of the 95% interval. */
  readonly half: number;
  readonly degrees: number;
}

/** The mean of independent values. Domain: at least 2 of them. */
export const sideOfValues = (values: readonly number[]): Side => {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (n - 1) / n, degrees: n - 1 };
};

export const sideOfEstimate = ({ value, se, n }: Estimate): Side => ({
  mean: value,
  variance: se ** 2,
  degrees: n - 1,
});

/**
 * The difference of two means with its 95% interval, whatever the two variances are.
 *
 *   d = a − b, half = t₀.₉₇₅(ν) √(v_a + v_b), ν = (v_a + v_b)² / (v_a²/ν_a + v_b²/ν_b)
 *
 * v are the variances of the means. ν is rounded down, so that the interval is never too short for it.
 * Source: Welch 1947, Biometrika 34; Satterthwaite 1946, Biometrics Bulletin 2.
 */
export const welch = (a: Side, b: Side): WelchInterval => {
  const variance = a.variance + b.variance;
  const exact = variance ** 2 / (a.variance ** 2 / a.degrees + b.variance ** 2 / b.degrees);
  // Where all values of both sides are alike, there is nothing that degrees of freedom could change.
  const degrees = variance === 0 ? a.degrees + b.degrees : Math.max(1, Math.floor(exact + 1e-9));
  return { value: a.mean - b.mean, half: studentT975(degrees) * Math.sqrt(variance), degrees };
};
