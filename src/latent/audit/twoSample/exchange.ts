import { keyedStream } from '../../../engine/random/index.js';
import type { Draws } from '../codes.js';
import type { FloorKey } from '../noiseFloor/floor.js';
import { priorDraws } from './options.js';

/** A statistic of two samples of the same size that is a mean over pairs of rows. */
export interface PairedStatistic {
  readonly value: number;
  readonly se: number;
  /** Terms h_ij of the pairs j < i, row by row: [m (m − 1) / 2]. */
  readonly terms: Float64Array;
  readonly rows: number;
}

/** A symmetric function of two rows through their squared distance. */
export type Kernel = (squaredDistance: number) => number;

const dot = (a: Float64Array, i: number, b: Float64Array, j: number, width: number): number => {
  let sum = 0;
  for (let d = 0; d < width; d++) sum += a[i + d]! * b[j + d]!;
  return sum;
};

const squaredNorms = (z: Float64Array, rows: number, width: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => dot(z, i * width, z, i * width, width));

/**
 * Unbiased squared kernel distance of two samples, paired row by row.
 *
 *   U = mean_{i ≠ j} h_ij,  h_ij = k(x_i, x_j) + k(y_i, y_j) − k(x_i, y_j) − k(x_j, y_i)
 *
 *   se² = 4 (m − 2) ζ₁ / (m (m − 1)) + 2 ζ₂ / (m (m − 1)),  ζ₁ = Var E[h_ij | i],  ζ₂ = Var h_ij
 *
 * with ζ₁ held at 0 or above: up to a third too wide where both samples are of one law. The Gram matrix is computed once;
 * only its terms h are kept.
 *
 * Shapes: x, y [m, D] -> terms [m (m − 1) / 2].
 * Source: Gretton et al. 2012, A kernel two-sample test, JMLR 13, lemma 6 and equation 4; the variance: Serfling 1980,
 *         Approximation Theorems of Mathematical Statistics, section 5.2.
 */
export const pairedStatistic = (x: Draws, y: Draws, kernel: Kernel): PairedStatistic => {
  const [m, width] = [x.n, x.latents];
  const [a, b] = [Float64Array.from(x.z), Float64Array.from(y.z)];
  const [aNorms, bNorms] = [squaredNorms(a, m, width), squaredNorms(b, m, width)];
  const terms = new Float64Array((m * (m - 1)) / 2);
  const rowSums = new Float64Array(m);
  let sum = 0;
  let squares = 0;
  for (let i = 1, t = 0; i < m; i++) {
    const iStart = i * width;
    for (let j = 0; j < i; j++, t++) {
      const jStart = j * width;
      let xx = 0;
      let yy = 0;
      let xy = 0;
      let yx = 0;
      for (let d = 0; d < width; d++) {
        const [ai, aj, bi, bj] = [a[iStart + d]!, a[jStart + d]!, b[iStart + d]!, b[jStart + d]!];
        xx += ai * aj;
        yy += bi * bj;
        xy += ai * bj;
        yx += aj * bi;
      }
      const h =
        kernel(Math.max(0, aNorms[i]! + aNorms[j]! - 2 * xx)) +
        kernel(Math.max(0, bNorms[i]! + bNorms[j]! - 2 * yy)) -
        kernel(Math.max(0, aNorms[i]! + bNorms[j]! - 2 * xy)) -
        kernel(Math.max(0, aNorms[j]! + bNorms[i]! - 2 * yx));
      terms[t] = h;
      sum += h;
      squares += h * h;
      rowSums[i]! += h;
      rowSums[j]! += h;
    }
  }
  const value = sum / terms.length;
  const termVariance = squares / terms.length - value * value;
  let ofRowMeans = 0;
  for (const rowSum of rowSums) ofRowMeans += (rowSum / (m - 1) - value) ** 2 / (m - 1);
  // A row's mean holds noise of its m − 1 terms beside what the row itself says.
  const rowVariance = Math.max(0, ofRowMeans - termVariance / (m - 1));
  const se = Math.sqrt((4 * (m - 2) * rowVariance + 2 * termVariance) / (m * (m - 1)));
  return { value, se, terms, rows: m };
};

/** Rows whose signs are looked up at once: 2^6 sums a group serve all exchanges. */
const GROUP = 6;

/**
 * The statistic after x_i and y_i have changed places in a random half of the pairs, as often as `count` says: its
 * distribution when both samples come from one law, which no exchange can change.
 *
 *   U_b = 2 Σ_{j < i} s_i s_j h_ij / (m (m − 1)),  s ∈ {−1, 1}^m
 *
 * Sums over a group of columns are made for every pattern of signs, then looked up: a quarter of the additions.
 *
 * Shapes: -> [count].
 * Source: the randomisation test of Gretton et al. 2012, section 5, over the exchanges within pairs.
 */
export const exchanged = (
  { terms, rows }: PairedStatistic,
  count: number,
  seed: number,
  stream: string,
): Float64Array => {
  const random = keyedStream(seed, `${stream}/exchanges`, 0);
  const groups = Math.ceil(rows / GROUP);
  const patterns = new Uint8Array(groups * count);
  for (let p = 0; p < patterns.length; p++) patterns[p] = random.uint32() >>> (32 - GROUP);
  const sums = new Float64Array(1 << GROUP);
  const inner = new Float64Array(count);
  const totals = new Float64Array(count);
  for (let i = 1, start = 0; i < rows; start += i, i++) {
    inner.fill(0);
    for (let g = 0; g * GROUP < i; g++) {
      let filled = 1;
      sums[0] = 0;
      for (let j = g * GROUP; j < Math.min(i, (g + 1) * GROUP); j++, filled *= 2) {
        const h = terms[start + j]!;
        for (let s = 0; s < filled; s++) {
          sums[filled + s] = sums[s]! + h;
          sums[s]! -= h;
        }
      }
      const mask = filled - 1;
      for (let b = 0; b < count; b++) inner[b]! += sums[patterns[g * count + b]! & mask]!;
    }
    const own = Math.floor(i / GROUP) * count;
    const bit = i % GROUP;
    for (let b = 0; b < count; b++) {
      if ((patterns[own + b]! >> bit) & 1) totals[b]! += inner[b]!;
      else totals[b]! -= inner[b]!;
    }
  }
  return totals.map((total) => total / terms.length);
};

/** Independent pairs of prior samples that a floor is made from. */
const SETS = 8;

/**
 * Values of the statistic for two samples of true N(0, I): from independent pairs of samples, each exchanged many times.
 * Every value has the law of a pair drawn anew, at a fraction of the kernel evaluations.
 *
 * Shapes: -> [replicates].
 */
export const exchangeFloor = (
  { statistic, rows, latents, replicates, seed }: FloorKey,
  kernelFor: (x: Draws, y: Draws) => Kernel,
): number[] => {
  const values: number[] = [];
  for (let set = 0; set < SETS; set++) {
    const x = priorDraws(rows, latents, seed, `floor/${statistic}/x`, set);
    const y = priorDraws(rows, latents, seed, `floor/${statistic}/y`, set);
    const count = Math.floor(((set + 1) * replicates) / SETS) - values.length;
    values.push(...exchanged(pairedStatistic(x, y, kernelFor(x, y)), count, seed, `floor/${statistic}/${set}`));
  }
  return values;
};
