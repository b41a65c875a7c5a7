import type { Codes, Posteriors } from './codes.js';
import type { AuditPanels, Statistic } from './result.js';

/** Thresholds of Var_i(mu_id), in units of z squared; the statistic is that of the middle one. */
const THRESHOLDS = [0.001, 0.01, 0.1] as const;
/** Var_i(mu_id) of a unit that is called active is above this. */
export const ACTIVE = 0.01;

export interface MuVariance {
  /** Var_i(mu_id). */
  readonly value: number;
  readonly se: number;
}

/**
 * Variance over images of each posterior mean, with the standard error that its fourth moment gives.
 *
 *   v_d = mean_i (μ_id − m_d)²,  se = √((mean_i (μ_id − m_d)⁴ − v_d²) / N)
 *
 * Shapes: [N, D] -> [D]. Centred first: a variance far below the squared mean keeps its digits.
 */
export const muVariances = ({ mu, n, latents }: Pick<Posteriors, 'mu' | 'n' | 'latents'>): MuVariance[] =>
  Array.from({ length: latents }, (_, d) => {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += mu[i * latents + d]! / n;
    let [second, fourth] = [0, 0];
    for (let i = 0; i < n; i++) {
      const square = (mu[i * latents + d]! - mean) ** 2;
      second += square / n;
      fourth += (square * square) / n;
    }
    return { value: second, se: Math.sqrt(Math.max(0, fourth - second * second) / n) };
  });

/**
 * Active units: #{d : Var_i(mu_id) > 0.01}. The interval counts the dimensions whose variance is above the threshold
 * at either end of its own interval.
 *
 * Source: Burda et al. 2015, arXiv:1509.00519, appendix C.
 */
export const activeUnits = (codes: Codes): Statistic =>
  'mu' in codes ? activeUnitsOf(muVariances(codes), codes.n) : { unavailable: 'needs posteriors: mu and sigma' };

/** Active units from the variance over n images of each posterior mean. */
export const activeUnitsOf = (variances: readonly MuVariance[], n: number): Statistic => {
  const above = (shift: number): number => variances.filter(({ value, se }) => value + shift * se > ACTIVE).length;
  return {
    value: above(0),
    interval: [above(-1.96), above(1.96)],
    n,
    unit: 'dimensions',
    by: `Var(mu) > ${ACTIVE}`,
  };
};

/** The count at each threshold: how much hangs on where the line is drawn. */
export const activeUnitsByThreshold = (variances: readonly MuVariance[]): NonNullable<AuditPanels['activeUnits']> =>
  THRESHOLDS.map((threshold) => ({
    threshold,
    count: variances.filter(({ value }) => value > threshold).length,
  }));
