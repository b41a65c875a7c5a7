import { type Estimate, estimate } from '../../vae/training/index.js';
import type { PlanePoint } from './kl.js';
import { defaultGrid, type KlSurface, klSurface, noiseMoments, type PlaneGrid } from './surface.js';

export interface Minimum extends PlanePoint {
  /** Value of the surface there, nats. Below 0 on a Monte Carlo surface, by the square of its error. */
  readonly kl: number;
  readonly gradientNorm: number;
  readonly iterations: number;
}

const cornerOf = (grid: PlaneGrid): PlanePoint => ({ mu: grid.mu[0]!, sigma: grid.sigma[0]! });

/** The lowest cell of a surface on a grid. */
export const lowestCell = (surface: KlSurface, grid: PlaneGrid = defaultGrid): PlanePoint => {
  let lowest = cornerOf(grid);
  for (const sigma of grid.sigma) {
    for (const mu of grid.mu) {
      if (surface.value(mu, sigma) < surface.value(lowest.mu, lowest.sigma)) lowest = { mu, sigma };
    }
  }
  return lowest;
};

/**
 * Minimum by Newton's method.
 *
 *   step −H⁻¹g, shortened by 1 / (1 + λ) while λ = √(gᵀ H⁻¹ g) > ¼
 *
 * The surface is a convex quadratic minus ln σ, so it is self-concordant and these steps go down and stay in σ > 0 from
 * every start, with no search along the line.
 *
 * Domain: a start within some 500 of the minimum; a step far from it goes a distance of about 1.
 * Throws: RangeError for noise whose draws are all alike, which has no minimum, and after 1000 steps without λ < 1e-12.
 * Source: Boyd & Vandenberghe 2004, Convex Optimization, section 9.6; Nesterov & Nemirovskii 1994.
 */
export const minimise = (surface: KlSurface, start: PlanePoint): Minimum => {
  const { m1, m2 } = surface.noise;
  if (!(m2 - m1 * m1 > 0)) throw new RangeError(`minimise: expected noise that varies, got variance ${m2 - m1 * m1}`);
  let { mu, sigma } = start;
  for (let iterations = 0; iterations < 1000; iterations++) {
    const [g1, g2] = surface.gradient(mu, sigma);
    const [h11, h12, h22] = surface.hessian(mu, sigma);
    const determinant = h11 * h22 - h12 * h12;
    const d1 = (h22 * g1 - h12 * g2) / determinant;
    const d2 = (h11 * g2 - h12 * g1) / determinant;
    const decrement = Math.sqrt(Math.max(g1 * d1 + g2 * d2, 0));
    if (decrement < 1e-12) {
      return { mu, sigma, kl: surface.value(mu, sigma), gradientNorm: Math.hypot(g1, g2), iterations };
    }
    const length = decrement > 0.25 ? 1 / (1 + decrement) : 1;
    mu -= length * d1;
    sigma -= length * d2;
  }
  throw new RangeError(`minimise: expected a minimum within 1000 steps, got to (${mu}, ${sigma})`);
};

/** What shows that a surface has one minimum and no other place where it is flat. */
export interface Uniqueness {
  /** The lowest cell of the grid. */
  readonly lowestCell: PlanePoint;
  /** Where Newton's method ends from the first corner of the grid. */
  readonly minimum: Minimum;
  /** The neighbourhood left out of `smallestGradient`. */
  readonly radius: number;
  /** Least |∇| on the grid outside the neighbourhood, nats per unit, and where. */
  readonly smallestGradient: PlanePoint & { readonly value: number };
  /** Least eigenvalue of the Hessian on the grid. */
  readonly smallestCurvature: number;
  /** Least eigenvalue of the Hessian over the whole half plane (its infimum, at σ → ∞). 1 for the analytic surface. */
  readonly curvatureFloor: number;
  /** Starts of Newton's method (every cell of the grid), and the greatest distance between their ends and the minimum. */
  readonly starts: number;
  readonly spread: number;
  readonly unique: boolean;
}

/** Least eigenvalue of a symmetric 2 × 2 matrix, by the larger one where subtraction would lose digits. */
const leastEigenvalue = ([a, b, c]: readonly [number, number, number]): number =>
  (a * c - b * b) / (0.5 * (a + c) + Math.hypot(0.5 * (a - c), b));

/**
 * One minimum, by number.
 *
 * The Hessian depends on σ alone and falls with it, so its least eigenvalue c at σ → ∞ bounds it everywhere. c > 0 makes the
 * surface strongly convex, |∇| ≥ c · (distance from the minimum), which the grid must obey; and Newton's method must end
 * at one point from every cell.
 */
export const uniqueness = (surface: KlSurface, grid: PlaneGrid = defaultGrid, radius = 0.05): Uniqueness => {
  const minimum = minimise(surface, cornerOf(grid));
  let smallestGradient = { mu: Number.NaN, sigma: Number.NaN, value: Number.POSITIVE_INFINITY };
  let smallestCurvature = Number.POSITIVE_INFINITY;
  let spread = 0;
  for (const sigma of grid.sigma) {
    for (const mu of grid.mu) {
      const value = Math.hypot(...surface.gradient(mu, sigma));
      const away = Math.hypot(mu - minimum.mu, sigma - minimum.sigma) > radius;
      if (away && value < smallestGradient.value) smallestGradient = { mu, sigma, value };
      smallestCurvature = Math.min(smallestCurvature, leastEigenvalue(surface.hessian(mu, sigma)));
      const end = minimise(surface, { mu, sigma });
      spread = Math.max(spread, Math.hypot(end.mu - minimum.mu, end.sigma - minimum.sigma));
    }
  }
  const curvatureFloor = leastEigenvalue([1, surface.noise.m1, surface.noise.m2]);
  const unique = curvatureFloor > 0 && smallestGradient.value >= curvatureFloor * radius && spread < 1e-9;
  const starts = grid.mu.length * grid.sigma.length;
  return {
    lowestCell: lowestCell(surface, grid),
    minimum,
    radius,
    smallestGradient,
    smallestCurvature,
    curvatureFloor,
    starts,
    spread,
    unique,
  };
};

/** The minimum of the Monte Carlo surface over replicate sets of noise, against the analytic one. */
export interface MinimumEstimate {
  /** Draws in each set of noise. */
  readonly draws: number;
  /** Location of the minimum: mean over the replicates, standard error of that mean. */
  readonly mu: Estimate;
  readonly sigma: Estimate;
  /** Value at the minimum, nats: below 0 by about 1/n. */
  readonly kl: Estimate;
  /** Where each replicate has its minimum. */
  readonly minima: readonly PlanePoint[];
  /** Minimum of the analytic surface, found alike. */
  readonly analytic: Minimum;
  /** Distance of the two locations in standard errors. */
  readonly z: { readonly mu: number; readonly sigma: number };
  /** Both within 4 standard errors, and every replicate surface strongly convex. */
  readonly coincide: boolean;
}

/**
 * Where the Monte Carlo surface of n draws has its minimum, over replicate sets of noise.
 *
 * A set of noise with mean m and standard deviation s has it at (−m/s, 1/s): the point that gives these very draws mean 0
 * and variance 1. It scatters by 1/√n in μ and 1/√(2n) in σ, and σ is high by 5/(4n) on average, less than the
 * standard error while replicates < n / 3.
 *
 * Throws: RangeError below two replicates or two draws.
 */
export const monteCarloMinimum = (
  draws: number,
  replicates: number,
  seed: number,
  grid: PlaneGrid = defaultGrid,
): MinimumEstimate => {
  const surfaces = Array.from({ length: replicates }, (_, r) => klSurface(noiseMoments([draws], seed, r)[0]));
  const minima = surfaces.map((surface) => minimise(surface, cornerOf(grid)));
  const mu = estimate(
    minima.map((m) => m.mu),
    seed,
  );
  const sigma = estimate(
    minima.map((m) => m.sigma),
    seed,
  );
  const kl = estimate(
    minima.map((m) => m.kl),
    seed,
  );
  const analytic = minimise(klSurface(), cornerOf(grid));
  const z = { mu: (mu.value - analytic.mu) / mu.se, sigma: (sigma.value - analytic.sigma) / sigma.se };
  const convex = surfaces.every(({ noise }) => leastEigenvalue([1, noise.m1, noise.m2]) > 0);
  const coincide = convex && Math.abs(z.mu) <= 4 && Math.abs(z.sigma) <= 4;
  return { draws, mu, sigma, kl, minima: minima.map((m) => ({ mu: m.mu, sigma: m.sigma })), analytic, z, coincide };
};
