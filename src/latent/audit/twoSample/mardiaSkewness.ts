import { InputError } from '../../../engine/errors/index.js';
import type { Draws } from '../codes.js';
import { floorOf, summarizeFloor } from '../noiseFloor/floor.js';
import type { Measured } from '../result.js';
import { codesUsed, mardiaRows, requireRows, rowsBySeed, type TestOptions } from './options.js';
import { gammaSurvival, solveIncreasing } from './specialFunctions.js';
import { whitened } from './whitened.js';

/** Multiplications for the third moments; what does not fit is left to a subset of the codes. */
const WORK = 4e8;
/** Codes that the standard error is a variance over: as many as the multiplications allow, between these. */
const ERROR_ROWS = { least: 200, most: 2000 };
/** Third moments of more take gigabytes. */
export const MOST_SKEWNESS_LATENTS = 256;

const triples = (latents: number): number => (latents * (latents + 1) * (latents + 2)) / 6;

/** T_abc = mean y_a y_b y_c for a >= b >= c, one after another; four rows at a time spare the memory. */
const thirdMoments = (y: Float64Array, latents: number): Float64Array => {
  const sums = new Float64Array(triples(latents));
  const n = y.length / latents;
  for (let row = 0; row < n; row += 4) {
    const rows = [0, 1, 2, 3].map((k) => y.subarray((row + k) * latents, (row + k + 1) * latents));
    const rest = new Float64Array(latents);
    const [p, q, r, s] = rows.map((values) => (values.length > 0 ? values : rest)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    let t = 0;
    for (let a = 0; a < latents; a++) {
      for (let b = 0; b <= a; b++) {
        const [pab, qab, rab, sab] = [p[a]! * p[b]!, q[a]! * q[b]!, r[a]! * r[b]!, s[a]! * s[b]!];
        for (let c = 0; c <= b; c++, t++) sums[t]! += pab * p[c]! + qab * q[c]! + rab * r[c]! + sab * s[c]!;
      }
    }
  }
  return sums.map((sum) => sum / n);
};

/** Ways to order a triple. */
const orders = (a: number, b: number, c: number): number => (a === b ? (b === c ? 1 : 3) : b === c ? 3 : 6);

/** Σ over all orders of the triples with a >= b >= c. */
const overTriples = (latents: number, term: (t: number, a: number, b: number, c: number) => number): number => {
  let sum = 0;
  let t = 0;
  for (let a = 0; a < latents; a++) {
    for (let b = 0; b <= a; b++) for (let c = 0; c <= b; c++, t++) sum += orders(a, b, c) * term(t, a, b, c);
  }
  return sum;
};

/**
 * The law of n b₁/6 for n Gaussian codes: gamma with Mardia's exact mean and the variance of χ²_f, f = D (D+1)(D+2)/6,
 * which it tends to. Shape and scale.
 *
 *   E = n D (D+2) ((n+1)(D+1) − 6) / (6 (n+1)(n+3)),  Var = 2 f
 */
export const skewnessLaw = (n: number, latents: number): { readonly shape: number; readonly scale: number } => {
  const d = latents;
  const mean = (n * d * (d + 2) * ((n + 1) * (d + 1) - 6)) / (6 * (n + 1) * (n + 3));
  const variance = 2 * triples(d);
  return { shape: mean ** 2 / variance, scale: variance / mean };
};

/** Equally likely values of b₁ for n Gaussian codes, ascending. */
export const mardiaSkewnessNull = (n: number, latents: number, replicates: number): number[] => {
  const { shape, scale } = skewnessLaw(n, latents);
  const most = shape + 50 * Math.sqrt(shape) + 100;
  return Array.from({ length: replicates }, (_, b) => {
    const x = solveIncreasing((value) => 1 - gammaSurvival(shape, value), (b + 0.5) / replicates, 0, most);
    return (6 * scale * x) / n;
  });
};

/**
 * Standard error of b₁: of its linear part in each code, with the noise it has under normality, where that part vanishes.
 *
 *   IF(y) = 2 (Σ T_abc y_a y_b y_c − b₁) − 6 Σ_a t_a y_a − 3 (yᵀ S y − b₁),  t_a = Σ_b T_abb,  S_aa′ = Σ_bc T_abc T_a′bc
 */
const skewnessError = (y: Float64Array, moments: Float64Array, value: number, latents: number): number => {
  const trace = new Float64Array(latents);
  const square = new Float64Array(latents * latents);
  const full = fullTensor(moments, latents);
  const plane = latents * latents;
  for (let a = 0; a < latents; a++) {
    for (let b = 0; b < latents; b++) trace[a]! += full[a * plane + b * latents + b]!;
    for (let other = 0; other <= a; other++) {
      let sum = 0;
      for (let bc = 0; bc < plane; bc++) sum += full[a * plane + bc]! * full[other * plane + bc]!;
      square[a * latents + other] = sum;
      square[other * latents + a] = sum;
    }
  }
  const n = y.length / latents;
  const { least, most } = ERROR_ROWS;
  const used = Math.min(n, most, Math.max(least, Math.floor(WORK / triples(latents))));
  let squares = 0;
  for (let row = 0; row < used; row++) {
    const own = y.subarray(row * latents, (row + 1) * latents);
    let linear = 0;
    let quadratic = 0;
    for (let a = 0; a < latents; a++) {
      linear += trace[a]! * own[a]!;
      for (let b = 0; b < latents; b++) quadratic += square[a * latents + b]! * own[a]! * own[b]!;
    }
    const cubic = overTriples(latents, (t, a, b, c) => moments[t]! * own[a]! * own[b]! * own[c]!);
    squares += (2 * (cubic - value) - 6 * linear - 3 * (quadratic - value)) ** 2 / used;
  }
  return Math.sqrt(squares / n + (72 * triples(latents)) / n ** 2);
};

/** [D, D, D] of the triples a >= b >= c. */
const fullTensor = (moments: Float64Array, latents: number): Float64Array => {
  const full = new Float64Array(latents ** 3);
  let t = 0;
  for (let a = 0; a < latents; a++) {
    for (let b = 0; b <= a; b++) {
      for (let c = 0; c <= b; c++, t++) {
        for (const [i, j, k] of [
          [a, b, c],
          [a, c, b],
          [b, a, c],
          [b, c, a],
          [c, a, b],
          [c, b, a],
        ] as const) {
          full[(i * latents + j) * latents + k] = moments[t]!;
        }
      }
    }
  }
  return full;
};

/** Mardia's skewness of the codes, and the third moments it is the squares of. Shapes: z [n, D]. */
export const skewnessOf = (z: Draws) => {
  const y = whitened('mardiaSkewness', z);
  const moments = thirdMoments(y, z.latents);
  return { y, moments, value: overTriples(z.latents, (t) => moments[t]! ** 2) };
};

/**
 * Mardia's multivariate skewness: asymmetry left after the codes' own mean and covariance are taken out.
 *
 *   b₁ = (1/n²) Σ_ij (y_i · y_j)³ = Σ_abc (mean_i y_ia y_ib y_ic)²,  y = C^(−½) (z − m)
 *
 * The moments are those of the codes, not 0 and I: shifts, scales and correlations leave b₁ alone, so that it says
 * whether one full Gaussian would describe the codes. The p-value is one-sided, by the gamma law of `skewnessLaw`. As many
 * codes, by seed, as 4e8 multiplications allow: 66,000 at D = 32, 8,700 at D = 64.
 *
 * Shapes: z [N, D]. Units: none.
 * Throws: InputError for n < 2 D + 10, for a constant or linearly dependent dimension, and for more than 256 latents.
 * Source: Mardia 1970, Measures of multivariate skewness and kurtosis with applications, Biometrika 57; the exact mean:
 *         Mardia 1974, Sankhyā B 36.
 */
export const mardiaSkewness = (z: Draws, { seed, floors }: TestOptions): Measured => {
  const { latents } = z;
  if (latents > MOST_SKEWNESS_LATENTS) {
    throw new InputError(`mardiaSkewness: expected at most ${MOST_SKEWNESS_LATENTS} latents, got ${latents}`);
  }
  requireRows('mardiaSkewness', z, mardiaRows(latents));
  const affordable = Math.max(4 * latents, Math.floor(WORK / triples(latents)));
  const codes = rowsBySeed(z, affordable, seed, 'mardiaSkewness');
  const { n } = codes;
  const { y, moments, value } = skewnessOf(codes);
  const { shape, scale } = skewnessLaw(n, latents);
  const floor = floorOf('mardiaSkewness', n, latents, floors, (k) =>
    mardiaSkewnessNull(k.rows, k.latents, k.replicates),
  );
  return {
    value,
    se: skewnessError(y, moments, value, latents),
    n,
    seed,
    unit: 'none',
    pValue: gammaSurvival(shape, (n * value) / (6 * scale)),
    floor: summarizeFloor(floor),
    by: `${codesUsed(n, z.n)}, about their own mean and covariance`,
  };
};
