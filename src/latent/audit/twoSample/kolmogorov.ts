import { solveIncreasing } from './specialFunctions.js';

/** The largest distance between an empirical distribution function and a continuous one. */
export interface KolmogorovDistance {
  readonly value: number;
  /** Of the empirical function at the place where the distance is. */
  readonly se: number;
}

/**
 * sup_x |F_n(x) − F(x)| over both sides of each step.
 *
 *   D_n = max_i max(i/n − F(x_(i)), F(x_(i)) − (i−1)/n),  se = √(s (1 − s) / n), s = (n F_n + ½)/(n + 1) there: not 0 at either end
 *
 * Shapes: ascending [n], n at least 1. Units: share.
 */
export const kolmogorovDistance = (ascending: ArrayLike<number>, cdf: (x: number) => number): KolmogorovDistance => {
  const n = ascending.length;
  let value = 0;
  let below = 0;
  for (let i = 0; i < n; i++) {
    const f = cdf(ascending[i]!);
    const distance = Math.max((i + 1) / n - f, f - i / n);
    if (distance > value) {
      value = distance;
      below = (i + 1) / n - f > f - i / n ? i + 1 : i;
    }
  }
  const share = (below + 0.5) / (n + 1);
  return { value, se: Math.sqrt((share * (1 - share)) / n) };
};

/** P(K > x) of Kolmogorov's law: the alternating series, and its theta transform where that converges slowly. */
export const kolmogorovSurvival = (x: number): number => {
  if (x <= 0) return 1;
  if (x < 1) {
    const t = (-Math.PI * Math.PI) / (8 * x * x);
    const sum = Math.exp(t) + Math.exp(9 * t) + Math.exp(25 * t) + Math.exp(49 * t);
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k < 8; k++) sum += (k % 2 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return sum;
};

/**
 * P(D_n > d) for n independent draws from the continuous F they are held against, by Kolmogorov's law with a correction
 * of order 1/n.
 *
 *   P = K(x + 1/(6√n) + (x − 1)/(4n)),  x = √n d
 *
 * Domain: n at least 10; error below 2e-3 at n = 10, 3e-4 from n = 50.
 * Source: Vrbik 2018, Small-sample corrections to Kolmogorov–Smirnov test statistic, Pioneer J. Theor. Appl. Stat. 15.
 */
export const kolmogorovPValue = (distance: number, n: number): number => {
  const x = Math.sqrt(n) * distance;
  return kolmogorovSurvival(x + 1 / (6 * Math.sqrt(n)) + (x - 1) / (4 * n));
};

/**
 * The law of the largest of `tests` independent distances D_n, as its values at `replicates` equally likely places
 * (b − ½)/B: what that many draws would be, without their noise.
 */
export const largestDistanceLaw = (n: number, tests: number, replicates: number): number[] =>
  Array.from({ length: replicates }, (_, b) => {
    // ln of the distribution function keeps its digits when many tests push it to 1.
    const target = Math.log((b + 0.5) / replicates) / tests;
    return solveIncreasing((d) => Math.log1p(-Math.min(kolmogorovPValue(d, n), 1)), target, 0, 1);
  });

/**
 * Holm's step-down adjustment: the smallest family-wise level at which each hypothesis falls.
 *
 *   p̃_(k) = max_{j <= k} min(1, (m − j + 1) p_(j))
 *
 * Source: Holm 1979, A simple sequentially rejective multiple test procedure.
 */
export const holm = (pValues: readonly number[]): number[] => {
  const order = Array.from(pValues.keys()).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, k) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - k) * pValues[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
};
