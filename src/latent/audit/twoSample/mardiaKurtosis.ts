import type { Draws } from '../codes.js';
import { floorOf, summarizeFloor } from '../noiseFloor/floor.js';
import type { Measured } from '../result.js';
import { codesUsed, mardiaRows, requireRows, rowsBySeed, type TestOptions } from './options.js';
import { chiSquaredSkewness } from './radialMoments.js';
import { normalCdf, normalQuantile } from './specialFunctions.js';
import { whitened } from './whitened.js';

/** Multiplications for the covariance; what does not fit is left to a subset of the codes. */
const WORK = 4e8;

/**
 * The law of b₂ for n Gaussian codes: exact mean and variance, skewness to leading order.
 *
 *   E b₂ = D (D+2)(n−1)/(n+1),  Var b₂ = 8 D (D+2)(n−3)(n−D−1)(n−D+1) / ((n+1)² (n+3)(n+5)),
 *   γ = skewness of r² − 2 (D+2) r over √n, r ~ χ²_D, times the ratio of exact to leading skewness for D = 1
 */
export const kurtosisLaw = (n: number, latents: number) => {
  const d = latents;
  const small = ((n * n - 5 * n + 2) / ((n + 7) * (n + 9))) * Math.sqrt(((n + 3) * (n + 5)) / ((n - 2) * (n - 3)));
  return {
    mean: (d * (d + 2) * (n - 1)) / (n + 1),
    sd: Math.sqrt((8 * d * (d + 2) * (n - 3) * (n - d - 1) * (n - d + 1)) / ((n + 1) ** 2 * (n + 3) * (n + 5))),
    skewness: (small * chiSquaredSkewness([0, -2 * (d + 2), 1], d)) / Math.sqrt(n),
  };
};

/** Degrees of freedom of Anscombe and Glynn's transform, by the skewness. */
const degreesOf = (skewness: number): number => 6 + (8 / skewness) * (2 / skewness + Math.sqrt(1 + 4 / skewness ** 2));

/**
 * A standardised kurtosis made normal: by degrees A that match the skewness γ,
 *
 *   (1 − 2/(9A) − ((1 − 2/A) / (1 + x √(2/(A − 4))))^⅓) / √(2/(9A)),  A = 6 + (8/γ)(2/γ + √(1 + 4/γ²))
 *
 * Source: Anscombe & Glynn 1983, Distribution of the kurtosis statistic b₂ for normal samples, Biometrika 70.
 */
export const toNormal = (x: number, skewness: number): number => {
  const degrees = degreesOf(skewness);
  const stretched = 1 + x * Math.sqrt(2 / (degrees - 4));
  if (stretched <= 0) return Number.NEGATIVE_INFINITY;
  const step = 2 / (9 * degrees);
  return (1 - step - Math.cbrt((1 - 2 / degrees) / stretched)) / Math.sqrt(step);
};

/** The inverse of `toNormal`. */
const fromNormal = (normal: number, skewness: number): number => {
  const degrees = degreesOf(skewness);
  const step = 2 / (9 * degrees);
  return ((1 - 2 / degrees) / (1 - step - normal * Math.sqrt(step)) ** 3 - 1) / Math.sqrt(2 / (degrees - 4));
};

/** Equally likely values of b₂ for n Gaussian codes, ascending. */
export const mardiaKurtosisNull = (n: number, latents: number, replicates: number): number[] => {
  const { mean, sd, skewness } = kurtosisLaw(n, latents);
  return Array.from(
    { length: replicates },
    (_, b) => mean + sd * fromNormal(normalQuantile((b + 0.5) / replicates), skewness),
  );
};

/**
 * Mardia's multivariate kurtosis: tails heavier (above D (D+2)) or lighter than those of one full Gaussian.
 *
 *   b₂ = mean_i |y_i|⁴,  y = C^(−½) (z − m);  se by its linear part  |y|⁴ − 2 yᵀ M y − 4 vᵀ y,  M = mean |y|² y yᵀ, v = mean |y|² y
 *
 * The moments are those of the codes, not 0 and I: shifts, scales and correlations leave b₂ alone. Two-sided p-value, by
 * the law of `kurtosisLaw`. As many codes, by seed, as 4e8 multiplications allow: 61,000 at D = 81.
 *
 * Shapes: z [N, D]. Units: none.
 * Throws: InputError for n < 2 D + 10, and for a constant or linearly dependent dimension.
 * Source: Mardia 1970, Biometrika 57; exact mean and variance: Mardia 1974, Sankhyā B 36.
 */
export const mardiaKurtosis = (z: Draws, { seed, floors }: TestOptions): Measured => {
  const { latents } = z;
  requireRows('mardiaKurtosis', z, mardiaRows(latents));
  const affordable = Math.max(4 * latents, Math.floor(WORK / latents ** 2));
  const codes = rowsBySeed(z, affordable, seed, 'mardiaKurtosis');
  const { n } = codes;
  const { value, se } = kurtosisOf(whitened('mardiaKurtosis', codes), latents);
  const law = kurtosisLaw(n, latents);
  const normal = toNormal((value - law.mean) / law.sd, law.skewness);
  const floor = floorOf('mardiaKurtosis', n, latents, floors, (k) =>
    mardiaKurtosisNull(k.rows, k.latents, k.replicates),
  );
  return {
    value,
    se,
    n,
    seed,
    unit: 'none',
    pValue: 2 * normalCdf(-Math.abs(normal)),
    floor: summarizeFloor(floor),
    by: `${codesUsed(n, z.n)}, about their own mean and covariance`,
  };
};

/** b₂ and its standard error. Shapes: y [n, D] of mean 0 and covariance I. */
export const kurtosisOf = (y: Float64Array, latents: number): { value: number; se: number } => {
  const n = y.length / latents;
  const norms = new Float64Array(n);
  for (let i = 0; i < y.length; i++) norms[Math.floor(i / latents)]! += y[i]! * y[i]!;
  const value = norms.reduce((sum, r) => sum + r * r, 0) / n;
  const first = new Float64Array(latents);
  const second = new Float64Array(latents * latents);
  for (let row = 0; row < n; row++) {
    const own = y.subarray(row * latents, (row + 1) * latents);
    for (let a = 0; a < latents; a++) {
      const share = (norms[row]! * own[a]!) / n;
      first[a]! += share;
      for (let b = 0; b <= a; b++) second[a * latents + b]! += share * own[b]!;
    }
  }
  let squares = 0;
  for (let row = 0; row < n; row++) {
    const own = y.subarray(row * latents, (row + 1) * latents);
    let linear = norms[row]! ** 2;
    for (let a = 0; a < latents; a++) {
      let sum = 0.5 * second[a * latents + a]! * own[a]!;
      for (let b = 0; b < a; b++) sum += second[a * latents + b]! * own[b]!;
      linear -= 4 * own[a]! * (first[a]! + sum);
    }
    // The linear part has mean −b₂: tr M = b₂ twice taken away.
    squares += (linear + value) ** 2;
  }
  return { value, se: Math.sqrt(squares) / n };
};
