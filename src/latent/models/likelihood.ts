/** What a decoder's output means, and what an image is worth under it. */
import { didYouMean, InputError } from '../../engine/errors/index.js';

export const LIKELIHOODS = ['bernoulli-logits', 'bernoulli', 'gaussian'] as const;

/** Pixels given z: independent, Bernoulli by log-odds or by probability, or Gaussian about a mean. */
export type Likelihood =
  | { readonly kind: 'bernoulli-logits' | 'bernoulli' }
  /** In units of the values that are compared; without a deviation there is no density. */
  | { readonly kind: 'gaussian'; readonly sigma?: number };

/** `bernoulli-logits`, `bernoulli`, `gaussian` or `gaussian:0.1`. */
export const parseLikelihood = (text: string): Likelihood => {
  const [name = '', deviation] = text.split(':');
  const kind = LIKELIHOODS.find((each) => each === name);
  const expected = 'bernoulli-logits, bernoulli or gaussian:SIGMA';
  if (!kind) throw new InputError(`--likelihood: expected ${expected}, got "${text}"${didYouMean(name, LIKELIHOODS)}`);
  if (kind !== 'gaussian') {
    if (deviation === undefined) return { kind };
    throw new InputError(`--likelihood: expected ${kind} alone, got "${text}"`);
  }
  if (deviation === undefined) return { kind };
  const sigma = deviation.trim() === '' ? Number.NaN : Number(deviation);
  if (sigma > 0 && sigma < Number.POSITIVE_INFINITY) return { kind, sigma };
  throw new InputError(`--likelihood: expected gaussian:SIGMA with a deviation above 0, got "${text}"`);
};

export const likelihoodName = (likelihood: Likelihood): string => {
  if (likelihood.kind !== 'gaussian') {
    return `Bernoulli pixels by ${likelihood.kind === 'bernoulli' ? 'probability' : 'log-odds'}`;
  }
  const { sigma } = likelihood;
  return sigma === undefined ? 'means of pixels, of unknown deviation' : `Gaussian pixels of deviation ${sigma}`;
};

/** Probabilities nearer to 0 or 1 than float32 tells from them. */
const EDGE = 2 ** -24;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * ln p(x | z) of each image from what the decoder gives for its z.
 *
 *   log-odds l:    Σ_p x l − ln(1 + e^l)
 *   probability π: Σ_p x ln π + (1 − x) ln(1 − π), π kept 2^−24 from 0 and 1
 *   mean m:        Σ_p −½((x − m)/σ)² − ln σ − ½ ln 2π
 *
 * Shapes: x, output [n, P] -> [n]. Units: nats per image, in float64. For x that are not 0 or 1 the first two are minus
 * the cross-entropy, and no likelihood.
 * Throws: RangeError without a deviation.
 */
export const logLikelihood = (
  likelihood: Likelihood,
  x: Float32Array,
  output: Float32Array,
  pixels: number,
): Float64Array => {
  const term = termOf(likelihood);
  return Float64Array.from({ length: x.length / pixels }, (_, i) => {
    let sum = 0;
    for (let p = i * pixels; p < (i + 1) * pixels; p++) sum += term(x[p]!, output[p]!);
    return sum;
  });
};

const termOf = (likelihood: Likelihood): ((x: number, output: number) => number) => {
  if (likelihood.kind === 'gaussian') {
    const { sigma } = likelihood;
    if (sigma === undefined) throw new RangeError('logLikelihood: expected a deviation of Gaussian pixels, got none');
    const constant = Math.log(sigma) + HALF_LOG_TWO_PI;
    return (x, mean) => -0.5 * ((x - mean) / sigma) ** 2 - constant;
  }
  if (likelihood.kind === 'bernoulli-logits') {
    return (x, l) => x * l - (Math.max(l, 0) + Math.log1p(Math.exp(-Math.abs(l))));
  }
  return (x, p) => {
    const kept = Math.min(1 - EDGE, Math.max(EDGE, p));
    return x * Math.log(kept) + (1 - x) * Math.log1p(-kept);
  };
};

export const sigmoid = (l: number): number => (l >= 0 ? 1 / (1 + Math.exp(-l)) : Math.exp(l) / (1 + Math.exp(l)));
