import { add, div, log, mul, square, sub, sum, type Tensor } from '../../engine/graph/index.js';
import { requireShape } from './shapes.js';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** A draw and the log-density that the distribution gives it, [B, D] and [B]. */
export interface Sample {
  readonly z: Tensor;
  readonly logProb: Tensor;
}

/** Gaussians with diagonal covariance, one a row: N(mu, diag sigma²). */
export interface Normal {
  /** [B, D] */
  readonly mu: Tensor;
  /** [B, D], a standard deviation. */
  readonly sigma: Tensor;
  logProb(z: Tensor): Tensor;
  rsample(noise: Tensor): Sample;
  klStandardNormal(): Tensor;
}

/** Σ_d −½ z_d² − ½ ln 2π: log-density of N(0, I). Shapes: [B, D] -> [B]. Units: nats. */
export const standardNormalLogProb = (z: Tensor): Tensor =>
  sub(mul(sum(square(z), 1), -0.5), HALF_LOG_2PI * z.shape[1]!);

/**
 * Diagonal Gaussians with reparametrised draws.
 *
 *   logProb(z) = Σ_d −½ ((z_d − μ_d) / σ_d)² − ln σ_d − ½ ln 2π
 *   rsample(ε) = μ + σ ε, whose log-density is Σ_d −½ ε_d² − ln σ_d − ½ ln 2π: from ε itself, because (z − μ) / σ
 *                loses its digits in float32 where σ is small beside μ
 *   klStandardNormal = Σ_d ½ μ_d² + ½ (σ_d² − 1) − ln σ_d
 *
 * Shapes: mu, sigma, z, noise [B, D]; densities and KL [B]: sums over D, never averages.
 * Units:  nats per row.
 * Domain: sigma > 0.
 * Throws: ShapeError when shapes differ.
 * Source: Kingma & Welling 2013, arXiv:1312.6114, appendix B.
 */
export const normal = (mu: Tensor, sigma: Tensor): Normal => {
  requireShape('normal: sigma', sigma, mu);
  const constant = HALF_LOG_2PI * mu.shape[1]!;
  const density = (standardised: Tensor): Tensor =>
    sub(mul(sum(add(square(standardised), mul(log(sigma), 2)), 1), -0.5), constant);
  return {
    mu,
    sigma,
    logProb: (z) => {
      requireShape('normal.logProb: z', z, mu);
      return density(div(sub(z, mu), sigma));
    },
    rsample: (noise) => {
      requireShape('normal.rsample: noise', noise, mu);
      return { z: add(mu, mul(sigma, noise)), logProb: density(noise) };
    },
    klStandardNormal: () => sum(sub(mul(add(square(mu), sub(square(sigma), 1)), 0.5), log(sigma)), 1),
  };
};
