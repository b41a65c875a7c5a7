/** Whether what an encoder gives as a scale is a standard deviation or a variance. */
import type { Posteriors } from '../audit/codes.js';
import type { Measured, ReadingEvidence, ReadingFindings, ScaleReading } from '../audit/index.js';
import { digits } from '../audit/wording.js';
import { meanOf } from '../evaluation/measured.js';
import { klToStandardNormal } from '../theory/index.js';
import { sigmasOf } from './encoder.js';

/** What a scale may be taken for by mistake. */
const OTHER: Readonly<Record<ScaleReading, ScaleReading>> = {
  sigma: 'var',
  var: 'sigma',
  log_var: 'log_sigma',
  log_sigma: 'log_var',
};

const SPOKEN: Readonly<Record<ScaleReading, string>> = {
  sigma: 'a standard deviation',
  var: 'a variance',
  log_var: 'the logarithm of a variance',
  log_sigma: 'the logarithm of a standard deviation',
};

/** Var(mu_d) above this: the dimension says something of the image. */
const ACTIVE = 0.01;
/** Standard errors that two estimates of one number lie apart at most. */
const TOLERANCE = 4;
/** What rounding adds to that, relative to the number. */
const ROUNDING = 1e-3;

export interface ScaleValues {
  readonly mu: Float32Array;
  /** As the encoder gives it. [n, D] */
  readonly scale: Float32Array;
  readonly n: number;
  readonly latents: number;
  readonly used: ScaleReading;
  /** Name of the output. */
  readonly output: string;
  /** The encoder's own draws for the first images. [m, D] */
  readonly z?: Float32Array;
  /** ELBO of each of some images with draws under these posteriors, the same images and noise each time. */
  readonly elbo?: (posteriors: Posteriors) => Promise<Float64Array>;
}

interface Measurements {
  readonly evidence: ReadingEvidence;
  /** Monte Carlo KL less the closed form, paired over images. */
  readonly gap?: Measured;
  readonly elbos?: Float64Array;
}

/**
 * KL of one image from one draw of its posterior.
 *
 *   ln q(z) − ln p(z) = Σ_d −½ ((z − μ)/σ)² − ln σ + ½ z²
 */
const drawnKl = (z: Float32Array, { mu, sigma, latents }: Posteriors, i: number): number => {
  let sum = 0;
  for (let at = i * latents; at < (i + 1) * latents; at++) {
    sum += 0.5 * (z[at]! ** 2 - ((z[at]! - mu[at]!) / sigma[at]!) ** 2) - Math.log(sigma[at]!);
  }
  return sum;
};

/** Mean over active dimensions of Var_i(μ_id) + mean_i σ_id². */
const aggregateVariance = ({ mu, sigma, n, latents }: Posteriors): number | undefined => {
  let [sum, active] = [0, 0];
  for (let d = 0; d < latents; d++) {
    let [mean, squares, variances] = [0, 0, 0];
    for (let at = d; at < n * latents; at += latents) {
      mean += mu[at]! / n;
      squares += mu[at]! ** 2 / n;
      variances += sigma[at]! ** 2 / n;
    }
    if (squares - mean ** 2 <= ACTIVE) continue;
    sum += squares - mean ** 2 + variances;
    active += 1;
  }
  return active > 0 ? sum / active : undefined;
};

const measure = async (reading: ScaleReading, values: ScaleValues): Promise<Measurements> => {
  const { mu, scale, n, latents, z, elbo } = values;
  const posteriors = { mu, sigma: sigmasOf(reading, scale), n, latents };
  const row = (of: Float32Array, i: number): Float32Array => of.subarray(i * latents, (i + 1) * latents);
  const kl = (i: number): number => klToStandardNormal(row(mu, i), row(posteriors.sigma, i));
  const drawn = z ? Math.min(n, z.length / latents) : 0;
  const analytic = Float64Array.from({ length: drawn > 1 ? drawn : n }, (_, i) => kl(i));
  const monteCarlo = z && drawn > 1 ? analytic.map((_, i) => drawnKl(z, posteriors, i)) : undefined;
  const elbos = await elbo?.(posteriors);
  const variance = aggregateVariance(posteriors);
  return {
    evidence: {
      reading,
      analytic: meanOf(analytic, { unit: 'nats' }),
      ...(monteCarlo && { monteCarlo: meanOf(monteCarlo, { unit: 'nats' }) }),
      ...(elbos && { elbo: meanOf(elbos, { unit: 'nats' }) }),
      ...(variance !== undefined && { variance }),
    },
    ...(monteCarlo && {
      gap: meanOf(
        monteCarlo.map((value, i) => value - analytic[i]!),
        { unit: 'nats' },
      ),
    }),
    ...(elbos && { elbos }),
  };
};

const agrees = ({ gap, evidence }: Measurements): boolean =>
  gap !== undefined && Math.abs(gap.value) <= TOLERANCE * (gap.se ?? 0) + ROUNDING * Math.abs(evidence.analytic.value);

const withHalf = ({ value, se = 0 }: Measured): string => `${digits(value)} ± ${digits(1.96 * se)}`;

type Concluded = Pick<ReadingFindings, 'by' | 'consistent'> & { readonly because: string };

const byDraws = (tried: readonly Measurements[]): Concluded | undefined => {
  if (tried.some(({ gap }) => gap === undefined)) return undefined;
  const fitting = tried.filter(agrees);
  const because = tried
    .map(({ evidence: { reading, analytic, monteCarlo } }) => {
      const numbers = `${digits(analytic.value)} nats in closed form and ${withHalf(monteCarlo!)} by the encoder's own draws`;
      return `as ${SPOKEN[reading]} the KL is ${numbers}`;
    })
    .join('; ');
  const consistent = fitting.length === 1 ? fitting[0]!.evidence.reading : undefined;
  return { by: 'draws', because, ...(consistent && { consistent }) };
};

const byElbo = ([used, other]: readonly Measurements[]): Concluded | undefined => {
  if (!used?.elbos || !other?.elbos) return undefined;
  const ahead = meanOf(
    used.elbos.map((value, i) => value - other.elbos![i]!),
    { unit: 'nats' },
  );
  if (Math.abs(ahead.value) <= TOLERANCE * (ahead.se ?? 0)) return undefined;
  const better = ahead.value > 0 ? used : other;
  const because = [used, other]
    .map(({ evidence: { reading, elbo } }) => `as ${SPOKEN[reading]} the ELBO is ${digits(elbo!.value)} nats`)
    .join('; ');
  return { by: 'elbo', because, consistent: better.evidence.reading };
};

const byVariance = (tried: readonly Measurements[]): Concluded | undefined => {
  const [used, other] = tried.map(({ evidence }) => evidence.variance);
  if (used === undefined || other === undefined) return undefined;
  const off = [used, other].map((value) => Math.abs(Math.log(value)));
  // Only where one lies near 1 and the other does not.
  const best = off[0]! < off[1]! ? 0 : 1;
  if (off[best]! > 0.2 || off[1 - best]! < 0.4) return undefined;
  const because = tried
    .map(({ evidence: { reading, variance } }) => `as ${SPOKEN[reading]} z has variance ${digits(variance!)}`)
    .join('; ');
  return {
    by: 'variance',
    because: `${because}, where a trained VAE has about 1`,
    consistent: tried[best]!.evidence.reading,
  };
};

const textOf = (output: string, used: ScaleReading, { by, because, consistent }: Concluded): string => {
  if (by === 'nothing')
    return `Whether ${output} is ${SPOKEN[used]} or ${SPOKEN[OTHER[used]]} cannot be told: ${because}. It is read as ${SPOKEN[used]}.`;
  if (consistent === undefined) return `Neither reading of ${output} agrees with the encoder's own draws: ${because}.`;
  if (consistent === used) return `${output} is consistent with ${SPOKEN[used]}: ${because}.`;
  return `${output} was read as ${SPOKEN[used]}, but is consistent with ${SPOKEN[consistent]}: ${because}. Say --outputs ${consistent}=${output} (with mu=…) if that is right.`;
};

/**
 * Which reading of a scale is consistent: that under which the KL from the encoder's own draws agrees with the closed
 * form; without draws, the one of higher ELBO (a trained encoder's scale is near the best one); without a decoder, the
 * one under which q(z) has about the variance of N(0, I).
 */
export const checkReading = async (values: ScaleValues): Promise<ReadingFindings> => {
  const { used, output } = values;
  const tried = [await measure(used, values), await measure(OTHER[used], values)];
  const concluded = byDraws(tried) ??
    byElbo(tried) ??
    byVariance(tried) ?? { by: 'nothing', because: 'the encoder gives no draws, and both are plausible' };
  const { because: _, ...found } = concluded;
  return {
    used,
    ...found,
    text: textOf(output, used, concluded),
    evidence: tried.map(({ evidence }) => evidence),
  };
};
