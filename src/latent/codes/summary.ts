import { ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { F, G } from '../theory/index.js';
import { evenEdges, type Histogram, histogram } from './histogram.js';

/** The codes of a data set, binned: enough for every figure, no raw arrays. By dimension, [D]. */
export interface CodesSummary {
  readonly n: number;
  /** Of the draws z ~ q_i, one an image. */
  readonly seed: number;
  /** mean_i F(mu_id) + G(sigma_id), nats; sums to the rate. */
  readonly dimensionRate: readonly number[];
  /** Var_i(mu_id): above 0.01 a unit is active. */
  readonly muVariance: readonly number[];
  /** Mean and variance of z_d under q(z), by the law of total variance. */
  readonly zMean: readonly number[];
  readonly zVariance: readonly number[];
  /** Units with Var_i(mu_id) above each threshold. */
  readonly activeUnits: readonly { readonly threshold: number; readonly count: number }[];
  /** Draws of z_d: of all dimensions together, then for the dimensions of highest rate. */
  readonly marginals: readonly { readonly dimension: number | 'all'; readonly histogram: Histogram }[];
  /** ‖z‖ of the draws. */
  readonly radius: Histogram;
}

const THRESHOLDS = [0.001, 0.01, 0.1] as const;
/** Dimensions that have a histogram of their own. */
const SHOWN = 8;
const MARGINAL_EDGES = evenEdges(-5, 5, 100);
const RADIUS_BINS = 200;

/** Means over images, by dimension. Shapes: mu, sigma [N, D] -> [D] each. */
const momentsByDimension = (mu: Float32Array, sigma: Float32Array, n: number, latents: number) => {
  const dimensionRate = new Float64Array(latents);
  const mean = new Float64Array(latents);
  const within = new Float64Array(latents);
  const muVariance = new Float64Array(latents);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < latents; d++) {
      const [m, s] = [mu[i * latents + d]!, sigma[i * latents + d]!];
      dimensionRate[d]! += (F.value(m) + G.value(s)) / n;
      mean[d]! += m / n;
      within[d]! += (s * s) / n;
    }
  }
  // Centred first: a variance far below the squared mean keeps its digits.
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < latents; d++) muVariance[d]! += (mu[i * latents + d]! - mean[d]!) ** 2 / n;
  }
  return { dimensionRate, mean, muVariance, zVariance: within.map((value, d) => value + muVariance[d]!) };
};

/**
 * What the codes q_i(z) = N(mu_i, diag sigma_i²) of a data set look like, by dimension and as a whole.
 *
 *   rate_d = mean_i F(μ_id) + G(σ_id),  Var z_d = Var_i μ_id + mean_i σ_id²
 *
 * Variances are those of the codes at hand (divided by N). The histograms count one draw z ~ q_i an image, by the
 * stream `codes/draws` of the seed: the same noise for every model of a seed.
 *
 * Shapes: mu, sigma [N, D], row-major. Units: nats for rates, those of z else.
 * Domain: sigma > 0; everything finite.
 * Throws: ShapeError when the arrays do not hold the same whole rows, RangeError for a sigma out of its domain.
 * Source: active units: Burda et al. 2015, arXiv:1509.00519, appendix C.
 */
export const summarizeCodes = (mu: Float32Array, sigma: Float32Array, latents: number, seed: number): CodesSummary => {
  const n = mu.length / latents;
  if (sigma.length !== mu.length || !Number.isInteger(n) || n === 0) {
    throw new ShapeError(
      `summarizeCodes: expected rows of ${latents} values twice, got ${mu.length} and ${sigma.length} values`,
    );
  }
  const { dimensionRate, mean, muVariance, zVariance } = momentsByDimension(mu, sigma, n, latents);
  const z = new Float32Array(mu.length);
  keyedStream(seed, 'codes/draws', 0).fillNormal(z);
  for (let i = 0; i < z.length; i++) z[i] = mu[i]! + sigma[i]! * z[i]!;
  const radii = radiiOf(z, n, latents);

  const highest = Array.from(dimensionRate.keys()).sort((a, b) => dimensionRate[b]! - dimensionRate[a]! || a - b);
  return {
    n,
    seed,
    dimensionRate: Array.from(dimensionRate),
    muVariance: Array.from(muVariance),
    zMean: Array.from(mean),
    zVariance: Array.from(zVariance),
    activeUnits: THRESHOLDS.map((threshold) => ({
      threshold,
      count: muVariance.reduce((count, variance) => count + (variance > threshold ? 1 : 0), 0),
    })),
    marginals: [
      { dimension: 'all', histogram: histogram(z, MARGINAL_EDGES) },
      ...highest.slice(0, SHOWN).map((dimension) => ({
        dimension,
        histogram: histogram(z, MARGINAL_EDGES, dimension, latents),
      })),
    ],
    radius: histogram(radii, radiusEdges(radii, latents)),
  };
};

const radiiOf = (z: Float32Array, n: number, latents: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => {
    let squares = 0;
    for (let d = 0; d < latents; d++) squares += z[i * latents + d]! ** 2;
    return Math.sqrt(squares);
  });

/** √D ± 6, where N(0, I) has its radii (standard deviation at most 0.71), and as far as the data go. */
const radiusEdges = (radii: Float64Array, latents: number): number[] => {
  const shell = Math.sqrt(latents);
  const low = radii.reduce((least, r) => Math.min(least, r), Math.max(0, shell - 6));
  const high = radii.reduce((most, r) => Math.max(most, r), shell + 6);
  // A bin more than the data need: the last one leaves its upper edge out.
  return evenEdges(low, high + 0.1, RADIUS_BINS);
};
