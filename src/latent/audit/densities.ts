/** Densities fitted to training codes, held against codes that were held out. */
import type { Runtime } from '../../engine/runtime/index.js';
import { fitGaussianMixture } from '../samplers/gaussianMixture/index.js';
import { fullGaussian } from '../samplers/index.js';
import type { Density, Draws } from './codes.js';
import { heldOutGain } from './decomposition/index.js';
import { isSingular, type Moments } from './moments.js';
import type { Measured } from './result.js';
import { sampleRows, selectRows } from './split.js';
import { digits } from './wording.js';

/** Components of the quick mixtures. */
const COMPONENTS = [10, 40] as const;
/** A component takes so many codes, and so many a latent: with fewer, its covariance is that of chance. */
const CODES_PER_COMPONENT = 10;
const CODES_PER_LATENT = 4;
/** Quick: what more iterations would gain is small beside what N(0, I) loses. */
const ITERATIONS = 30;
/** Codes that a quick mixture is fitted to. */
const FITTED = 20_000;
/** Share of the largest variance that a direction without width is given. */
const WIDENED = 1e-6;

export interface FitDensities {
  readonly seed: number;
  readonly runtime: Runtime;
  /** Share done, 0 … 1. */
  readonly onProgress?: (share: number) => void;
}

export interface TriedDensity {
  readonly density: Density;
  /** mean ln q̂(z) − ln p(z) over held-out codes. */
  readonly gain: Measured;
}

/**
 * The Gaussian of q(z)'s moments. A direction without width has no density: it is given a millionth of the largest
 * variance, and the name says so.
 */
const momentMatched = (moments: Moments): Density => {
  const { mean, covariance, eigenvalues, latents } = moments;
  if (!isSingular(moments)) {
    return { name: 'moment-matched Gaussian', logProb: (z) => fullGaussian(mean, covariance).logProb(z) };
  }
  const added = Math.max(eigenvalues[0]!, 1e-6) * WIDENED;
  const widened = covariance.map((value, at) => (at % (latents + 1) === 0 ? value + added : value));
  return {
    name: `moment-matched Gaussian, its variances widened by ${digits(added)}`,
    logProb: (z) => fullGaussian(mean, widened).logProb(z),
  };
};

/** Densities fitted to training codes: the moment-matched Gaussian and quick mixtures of full Gaussians. */
export const fitDensities = async (
  moments: Moments,
  draws: Draws,
  { seed, runtime, onProgress }: FitDensities,
): Promise<Density[]> => {
  const densities: Density[] = [momentMatched(moments)];
  const points = selectRows(draws, sampleRows(draws.n, FITTED, seed));
  const each = Math.max(CODES_PER_COMPONENT, CODES_PER_LATENT * draws.latents);
  const sizes = COMPONENTS.filter((components) => points.n >= components * each);
  const work = sizes.reduce((sum, components) => sum + components, 0);
  let done = 0;
  for (const components of sizes) {
    const before = done;
    densities.push(
      await fitGaussianMixture(points, {
        components,
        covariance: 'full',
        starts: 1,
        seed,
        runtime,
        maxIterations: ITERATIONS,
        onProgress: (share) => onProgress?.((before + share * components) / work),
      }),
    );
    done += components;
  }
  return densities;
};

/** Every density with what it gains over the prior on held-out codes, the best first. */
export const tryDensities = async (densities: readonly Density[], heldOut: Draws): Promise<TriedDensity[]> => {
  const tried: TriedDensity[] = [];
  for (const density of densities) tried.push({ density, gain: await heldOutGain(density, heldOut) });
  return tried.sort((a, b) => b.gain.value - a.gain.value);
};

/** Nats that are worth changing the distribution for; less is the error of a density. */
const LEAST_GAIN = 1e-3;

/** Whether a gain is one: above the error of a density, and for more than chance (two standard errors). */
export const isGain = ({ value, se = 0 }: Measured): boolean => value > Math.max(LEAST_GAIN, 2 * se);

/** What is known of KL(q ‖ p) and of I = R − KL, where R > ln N − 1: between held-out codes and the in-sample mixture. */
export const bracketOf = (
  rate: number,
  inSample: number,
  heldOut: number,
): { marginalKl: readonly [number, number]; mutualInformation: readonly [number, number] } => {
  const upper = Math.max(0, Math.min(rate, inSample));
  const lower = Math.min(upper, Math.max(0, heldOut));
  return { marginalKl: [lower, upper], mutualInformation: [rate - upper, rate - lower] };
};
