import { G, klToStandardNormal, requirePositive, requireSameLength } from './kl.js';

/** A KL, and what comes out when the standard deviation is read as a variance. */
export interface MisreadKl {
  /** The KL of the Gaussian that is sampled, nats. */
  readonly kl: number;
  /** The KL that the published code reports for it, nats. */
  readonly reported: number;
  /** kl / reported; NaN where both are zero, because the limit there depends on the direction. */
  readonly ratio: number;
}

/**
 * The size of a mistake in the published code of the founding study: one tensor s (the softplus output) is the standard
 * deviation when z is drawn, z = μ + s ε, and the variance in the analytic KL.
 *
 *   kl       = Σ_d ½ μ_d² + ½ (s_d² − 1) − ln s_d
 *   reported = Σ_d ½ μ_d² + ½ (s_d − 1 − ln s_d)        = KL(N(μ, diag s) ‖ N(0, I))
 *
 * At μ = 0 the ratio rises from 2 (s → 0) to 4 (s → 1): 2.3 at s = 0.02, 3.0 at s = 0.3. A share of μ in the KL, which
 * both read alike, brings it down. The minimum, (0, 1), is the same for both.
 *
 * Shapes: mu, sigma [D]. Units: nats.
 * Domain: σ > 0.
 * Throws: ShapeError when lengths differ, RangeError for another σ.
 * Source: github.com/natank1/VAE_Loss.
 */
export const misreadKl = (mu: ArrayLike<number>, sigma: ArrayLike<number>): MisreadKl => {
  requireSameLength('misreadKl', mu, sigma);
  const kl = klToStandardNormal(mu, sigma);
  const reported = klToStandardNormal(mu, Float64Array.from(sigma, Math.sqrt));
  return { kl, reported, ratio: kl / reported };
};

/**
 * How much weaker the mistake makes the pull on s towards 1.
 *
 *   G′(s) / [½ (1 − 1/s)] = 2 (1 + s)
 *
 * so the encoder's σ decays to 1 at rate ½ in place of 2 near the minimum. Dimensionless.
 * Throws: RangeError unless s > 0.
 */
export const misreadSlopeRatio = (sigma: number): number => {
  requirePositive('misreadSlopeRatio', sigma);
  return sigma === 1 ? 4 : G.slope(sigma) / (0.5 * (1 - 1 / sigma));
};

/** The mistake along an axis of σ at μ = 0, in arrays for a curve or a table. */
export interface MisreadCurve {
  readonly sigma: readonly number[];
  readonly kl: readonly number[];
  readonly reported: readonly number[];
  readonly ratio: readonly number[];
}

/** `misreadKl` of one dimension at μ = 0 for each σ. Units: nats. Throws RangeError for a σ that is not positive. */
export const misreadCurve = (sigmas: readonly number[]): MisreadCurve => {
  const values = sigmas.map((sigma) => misreadKl([0], [sigma]));
  return {
    sigma: sigmas,
    kl: values.map((v) => v.kl),
    reported: values.map((v) => v.reported),
    ratio: values.map((v) => v.ratio),
  };
};
