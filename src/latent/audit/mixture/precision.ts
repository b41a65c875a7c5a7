/** Error that the product in float32 may have, nats. */
const ERROR = 5e-4;
/** Unit roundoff of float32. */
const ROUNDING = 2 ** -24;
/** Components that many nats below the highest do not count. */
export const NEGLIGIBLE = 20;

/** Where the product in float32 is good to 5·10⁻⁴ nats. */
export interface SingleLimits {
  /** Of Σ_d μ_d²/σ_d², μ from the centre. */
  readonly offset: number;
  /** Of ½ Σ_d (z_d − μ_d)²/σ_d². */
  readonly distance: number;
}

/**
 * Which components, and which z beside them, the float32 product may serve.
 *
 *   |error| ≤ 1.25 √(2D + 7) u P,  P = (√(M/2) + √Q)²,  M = Σ_d μ_d²/σ_d²,  Q = ½ Σ_d (z_d − μ_d)²/σ_d²
 *
 * The sum takes 2D + 1 steps, and nowhere is it above P: it first collects Σ_d ½z_d²/σ_d², where |z/σ| ≤ |μ/σ| + |(z −
 * μ)/σ|. Roundings that know nothing of each other add up as the root of their number, those of the factors counted as
 * six (the worst case, all of one sign, would be their number itself). A rounding's standard deviation is about 0.4u
 * and the sum's root mean square 0.6P, so this is five standard deviations of one term, and a logsumexp is a mean over
 * terms. Q is given what a code has beside its own component, ½χ²_D to three standard deviations, and 35 nats for
 * others; M has the rest, which gets less as D grows.
 *
 * Source: Higham & Mary 2019, "A new approach to probabilistic rounding error analysis", SIAM J. Sci. Comput. 41(5).
 */
export const singleLimits = (latents: number): SingleLimits => {
  const reach = Math.sqrt(ERROR / (1.25 * Math.sqrt(2 * latents + 7) * ROUNDING));
  const distance = 0.5 * latents + 3 * Math.sqrt(latents / 2) + 35;
  return { offset: 2 * Math.max(0, reach - Math.sqrt(distance)) ** 2, distance };
};
