import { ShapeError } from '../../engine/errors/index.js';

/** A convex function of one variable with its derivatives. Units: nats, nats per unit, nats per unit². */
export interface Term {
  readonly value: (x: number) => number;
  /** First derivative. */
  readonly slope: (x: number) => number;
  /** Second derivative. */
  readonly curvature: (x: number) => number;
}

/**
 * What a mean costs.
 *
 *   F(μ) = ½ μ²,  F′ = μ,  F″ = 1; zero at 0 alone
 *
 * Units: nats per dimension. Domain: every real μ.
 */
export const F: Term = {
  value: (mu) => 0.5 * mu * mu,
  slope: (mu) => mu,
  curvature: () => 1,
};

/** Below this |σ − 1| the closed form of G loses the digits of a value that is nearly (σ − 1)². */
const NEAR_ONE = 0.05;

/** G(1 + d) = d² (1 − d/3 + d²/4 − d³/5 + …), to d¹², which is below rounding at |d| < 0.05. */
const nearOne = (d: number): number => {
  let sum = 0;
  for (let k = 14; k >= 3; k--) sum = -d * (1 / k + sum);
  return d * d * (1 + sum);
};

/**
 * What a standard deviation costs.
 *
 *   G(σ) = ½ (σ² − 1) − ln σ,  G′ = σ − 1/σ,  G″ = 1 + 1/σ²; zero at 1 alone
 *
 * Units:  nats per dimension.
 * Domain: σ > 0; relative accuracy 1e-13 at any σ, near 1 too.
 * Throws: RangeError for another σ.
 */
export const G: Term = {
  value: (sigma) => {
    requirePositive('G', sigma);
    const d = sigma - 1;
    return Math.abs(d) < NEAR_ONE ? nearOne(d) : 0.5 * d * (sigma + 1) - Math.log(sigma);
  },
  slope: (sigma) => {
    requirePositive("G'", sigma);
    return ((sigma - 1) * (sigma + 1)) / sigma;
  },
  curvature: (sigma) => {
    requirePositive("G''", sigma);
    return 1 + 1 / (sigma * sigma);
  },
};

/**
 * KL(N(μ, diag σ²) ‖ N(0, I)), the sum of F over the means and of G over the standard deviations.
 *
 *   KL = Σ_d F(μ_d) + G(σ_d)
 *
 * Shapes: mu, sigma [D]. Units: nats.
 * Domain: σ > 0.
 * Throws: ShapeError when lengths differ, RangeError for another σ.
 * Source: Kingma & Welling 2013, arXiv:1312.6114, appendix B.
 */
export const klToStandardNormal = (mu: ArrayLike<number>, sigma: ArrayLike<number>): number => {
  requireSameLength('klToStandardNormal', mu, sigma);
  let sum = 0;
  for (let d = 0; d < mu.length; d++) sum += F.value(mu[d]!) + G.value(sigma[d]!);
  return sum;
};

/** A point of the (μ, σ) plane of one latent dimension. */
export interface PlanePoint {
  readonly mu: number;
  /** A standard deviation, above 0. */
  readonly sigma: number;
}

/** The KL term of the plane of one dimension: F(μ) + G(σ). Units: nats. Throws RangeError unless σ > 0. */
export const planeKl = (mu: number, sigma: number): number => F.value(mu) + G.value(sigma);

/** ∇KL = (μ, σ − 1/σ), nats per unit of μ and of σ. Throws RangeError unless σ > 0. */
export const planeGradient = (mu: number, sigma: number): readonly [number, number] => [F.slope(mu), G.slope(sigma)];

export const requirePositive = (what: string, sigma: number): void => {
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${what}: expected a standard deviation above 0, got ${sigma}`);
  }
};

export const requireSameLength = (what: string, mu: ArrayLike<number>, sigma: ArrayLike<number>): void => {
  if (mu.length !== sigma.length) {
    throw new ShapeError(`${what}: expected as many sigma as mu (${mu.length}), got ${sigma.length}`);
  }
};
