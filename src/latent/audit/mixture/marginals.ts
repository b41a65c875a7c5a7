import { ShapeError } from '../../../engine/errors/index.js';
import type { Posteriors } from '../codes.js';
import { ascending } from './ascending.js';
import { gaussianSum, NEGLECTED, type SortedGaussians, WIDEST } from './gaussianSum.js';
import { requirePosteriors } from './posteriors.js';

/** q(z_d) = (1/N) Σ_i N(z_d; μ_id, σ_id²) of every latent dimension. */
export interface MarginalDensities {
  /** ln q(z_d) of values of dimension d. Shapes: z [S] -> [S] nats. Throws: ShapeError for a d that is none. */
  logProb(d: number, z: ArrayLike<number>): Float64Array;
  /** The largest error of logProb, nats. */
  readonly errorBound: number;
}

/** Of a sum, what the Gaussians out of reach may amount to; where they may be more, all are added one by one. */
const LOST = 1e-4;

/**
 * The marginals of the aggregate posterior, each a mixture of N Gaussians with standard deviations of their own.
 *
 *   ln q(z_d) = ln [(1/N) Σ_i N(z_d; μ_id, σ_id²)]
 *
 * N exponentials for every value would be N·S·D. Gaussians of about the same σ are summed on a grid that fits them
 * instead (`gaussianSum`), and the sums of all scales are added at z.
 *
 * Shapes: mu, sigma [N, D].
 * Units:  nats.
 * Domain: σ > 0; any finite z. Error at most 3·10⁻⁴ nats: 10⁻⁴ of interpolation, 10⁻⁴ of Gaussians out of reach, and
 *         rounding. A value so far out that the grid cannot promise it is evaluated directly, N terms each.
 * Throws: ShapeError when mu and sigma are not [N, D], RangeError for a μ that is not finite or a σ that is not above
 *         0.
 */
export const marginalDensities = (q: Posteriors): MarginalDensities => {
  requirePosteriors('marginalDensities', q);
  let latest: { readonly d: number; readonly logProb: (x: number) => number } | undefined;
  return {
    logProb: (d, z) => {
      if (!(Number.isInteger(d) && d >= 0 && d < q.latents)) {
        throw new ShapeError(`marginalDensities: expected a dimension in 0 … ${q.latents - 1}, got ${d}`);
      }
      if (latest?.d !== d) latest = { d, logProb: logMixture(sortedColumn(q, d)) };
      return Float64Array.from(z, latest.logProb);
    },
    errorBound: 3e-4,
  };
};

/** x -> ln (1/N) Σ_i N(x; μ_i, σ_i²). */
const logMixture = (all: SortedGaussians): ((x: number) => number) => {
  const sums = [...byScale(all)].map(([s, gaussians]) => gaussianSum(gaussians, s));
  const least = (NEGLECTED / LOST) * all.sigma.reduce((sum, sigma) => sum + 1 / sigma, 0);
  const direct = logSumDirect(all);
  const constant = Math.log(all.mu.length) + 0.5 * Math.log(2 * Math.PI);
  return (x) => {
    let sum = 0;
    for (const part of sums) sum += part(x);
    return (sum > least ? Math.log(sum) : direct(x)) - constant;
  };
};

/** x -> ln Σ_i exp(−½t_i²)/σ_i, term by term; those 40 nats below the highest are left out. */
const logSumDirect = ({ mu, sigma }: SortedGaussians): ((x: number) => number) => {
  const logSigma = sigma.map(Math.log);
  const exponent = (x: number, i: number): number => {
    const t = (x - mu[i]!) / sigma[i]!;
    return -0.5 * t * t - logSigma[i]!;
  };
  return (x) => {
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < mu.length; i++) max = Math.max(max, exponent(x, i));
    let sum = 0;
    for (let i = 0; i < mu.length; i++) {
      const below = exponent(x, i) - max;
      if (below > -40) sum += Math.exp(below);
    }
    return max + Math.log(sum);
  };
};

/** Column d of mu and sigma, by rising μ. */
const sortedColumn = ({ mu, sigma, n, latents }: Posteriors, d: number): SortedGaussians => {
  const column = (values: Float32Array): Float32Array =>
    Float32Array.from({ length: n }, (_, i) => values[i * latents + d]!);
  const [means, scales] = [column(mu), column(sigma)];
  const order = ascending(means);
  return { mu: Float64Array.from(order, (i) => means[i]!), sigma: Float64Array.from(order, (i) => scales[i]!) };
};

/** The Gaussians whose σ lie in [s, WIDEST · s), by s; their order stays. */
const byScale = ({ mu, sigma }: SortedGaussians): Map<number, SortedGaussians> => {
  const members = new Map<number, number[]>();
  sigma.forEach((value, i) => {
    const scale = Math.floor(Math.log(value) / Math.log(WIDEST));
    const known = members.get(scale);
    if (known) known.push(i);
    else members.set(scale, [i]);
  });
  return new Map(
    [...members].map(([scale, list]) => [
      WIDEST ** scale,
      { mu: Float64Array.from(list, (i) => mu[i]!), sigma: Float64Array.from(list, (i) => sigma[i]!) },
    ]),
  );
};
