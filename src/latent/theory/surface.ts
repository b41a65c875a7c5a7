import { keyedStream } from '../../engine/random/index.js';
import { F, G, planeKl } from './kl.js';

/** Raw moments of a set of noise: m_k = (1/n) Σ_i ε_i^k. All that a Monte Carlo surface knows of its noise. */
export interface NoiseMoments {
  readonly n: number;
  readonly m1: number;
  readonly m2: number;
  readonly m3: number;
  readonly m4: number;
}

/** Moments of N(0, 1) itself: infinitely many draws. Its surface is the analytic one. */
export const EXACT_NOISE: NoiseMoments = { n: Number.POSITIVE_INFINITY, m1: 0, m2: 1, m3: 0, m4: 3 };

/**
 * Moments of the first n draws of a keyed stream, for each n of `sizes`: the draws of a smaller size are the first of
 * a larger one. `replicate` numbers independent sets of noise.
 *
 * Throws: RangeError unless the sizes are whole, at least 2, and ascending.
 */
export const noiseMoments = (sizes: readonly number[], seed: number, replicate = 0): NoiseMoments[] => {
  const stream = keyedStream(seed, 'theory/surface', replicate);
  const sums = [0, 0, 0, 0];
  let drawn = 0;
  return sizes.map((n) => {
    if (!Number.isInteger(n) || n < 2 || n < drawn) {
      throw new RangeError(`noiseMoments: expected ascending whole sizes of at least 2, got [${sizes.join(', ')}]`);
    }
    for (; drawn < n; drawn++) {
      const noise = stream.normal();
      for (let k = 0, power = noise; k < 4; k++, power *= noise) sums[k]! += power;
    }
    const [m1, m2, m3, m4] = sums.map((sum) => sum / n);
    return { n, m1: m1!, m2: m2!, m3: m3!, m4: m4! };
  });
};

/** The KL of N(μ, σ²) to N(0, 1) over the half plane σ > 0, or an estimate of it. */
export interface KlSurface {
  readonly noise: NoiseMoments;
  /** Nats. */
  readonly value: (mu: number, sigma: number) => number;
  /** Standard error of the value, nats; 0 for the analytic surface, and at (0, 1) for every noise. */
  readonly se: (mu: number, sigma: number) => number;
  /** (∂/∂μ, ∂/∂σ). */
  readonly gradient: (mu: number, sigma: number) => readonly [number, number];
  /** (∂²/∂μ², ∂²/∂μ∂σ, ∂²/∂σ²). */
  readonly hessian: (mu: number, sigma: number) => readonly [number, number, number];
}

/**
 * The KL surface as n common draws of noise see it; with `EXACT_NOISE` the analytic surface.
 *
 *   ln q(z) − ln p(z) at z = μ + σ ε   = ½ μ² − ln σ + a ε + b ε²,   a = μ σ, b = ½ (σ² − 1)
 *   mean over the draws                = F(μ) + G(σ) + a m₁ + b (m₂ − 1)
 *   its variance                       = [a² (m₂ − m₁²) + 2 a b (m₃ − m₁ m₂) + b² (m₄ − m₂²)] / (n − 1)
 *
 * so the four moments give every point of the surface without going over the draws again. At (0, 1) the term is 0 for
 * every ε: the estimator has no error at the minimum of what it estimates. The Hessian is [[1, m₁], [m₁, 1/σ² + m₂]],
 * positive definite for any two different draws.
 *
 * Units:  nats. Domain: σ > 0, n ≥ 2.
 * Throws: RangeError for another σ.
 */
export const klSurface = (noise: NoiseMoments = EXACT_NOISE): KlSurface => {
  const { n, m1, m2, m3, m4 } = noise;
  const spread = (sigma: number): number => 0.5 * (sigma - 1) * (sigma + 1);
  return {
    noise,
    value: (mu, sigma) => planeKl(mu, sigma) + mu * sigma * m1 + spread(sigma) * (m2 - 1),
    se: (mu, sigma) => {
      const a = mu * sigma;
      const b = spread(sigma);
      const variance = a * a * (m2 - m1 * m1) + 2 * a * b * (m3 - m1 * m2) + b * b * (m4 - m2 * m2);
      return Math.sqrt(Math.max(variance, 0) / (n - 1));
    },
    gradient: (mu, sigma) => [F.slope(mu) + sigma * m1, G.slope(sigma) + mu * m1 + sigma * (m2 - 1)],
    hessian: (mu, sigma) => [F.curvature(mu), m1, G.curvature(sigma) + m2 - 1],
  };
};

/** Axes of a grid on the plane, ascending. */
export interface PlaneGrid {
  readonly mu: readonly number[];
  readonly sigma: readonly number[];
}

/** `count` values from first to last, both included. */
export const axis = (first: number, last: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));

/** −3 … 3 by 0.1 and 0.05 … 3 by 0.05: holds (0, 1), and the σ of 0.02–0.3 of trained encoders at its lower edge. */
export const defaultGrid: PlaneGrid = { mu: axis(-3, 3, 61), sigma: axis(0.05, 3, 60) };

/** A surface on a grid, and how far it is from the analytic one. */
export interface SurfaceGrid extends PlaneGrid {
  /** Draws of noise; Infinity for the analytic surface. */
  readonly n: number;
  /** Nats, [sigma, mu] row-major: kl[i * mu.length + j] is at sigma[i], mu[j]. */
  readonly kl: readonly number[];
  /** Standard error of each, nats, laid out alike. Noise is common to the grid, so the errors go together. */
  readonly se: readonly number[];
  /** Mean over the grid of the standard error, nats; falls as 1/√n. */
  readonly meanSe: number;
  /** Greatest distance from the analytic surface, nats. */
  readonly largestError: number;
  /** The same in standard errors of its cell. Below 100 draws the standard error itself is uncertain. */
  readonly largestErrorInSe: number;
}

/** Values of a surface on a grid. Shapes: [S, M] row-major. Units: nats. Throws RangeError for a σ that is not positive. */
export const surfaceGrid = (surface: KlSurface, grid: PlaneGrid = defaultGrid): SurfaceGrid => {
  const cells = grid.sigma.flatMap((sigma) => grid.mu.map((mu) => ({ mu, sigma })));
  const kl = cells.map(({ mu, sigma }) => surface.value(mu, sigma));
  const se = cells.map(({ mu, sigma }) => surface.se(mu, sigma));
  const errors = cells.map(({ mu, sigma }, i) => Math.abs(kl[i]! - planeKl(mu, sigma)));
  return {
    ...grid,
    n: surface.noise.n,
    kl,
    se,
    meanSe: se.reduce((sum, v) => sum + v, 0) / se.length,
    largestError: errors.reduce((a, b) => Math.max(a, b), 0),
    largestErrorInSe: errors.reduce((most, e, i) => (se[i]! > 1e-12 ? Math.max(most, e / se[i]!) : most), 0),
  };
};

/** The Monte Carlo surface at each number of draws, from one growing set of noise. Throws as `noiseMoments` does. */
export const monteCarloGrids = (sizes: readonly number[], seed: number, grid: PlaneGrid = defaultGrid): SurfaceGrid[] =>
  noiseMoments(sizes, seed).map((noise) => surfaceGrid(klSurface(noise), grid));
