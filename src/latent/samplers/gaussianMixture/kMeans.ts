import type { KeyedStream } from '../../../engine/random/index.js';

/** Rounds of reassignment: EM goes on from there, so that they need not converge. */
const ROUNDS = 5;

/**
 * A hard clustering to start EM from: k-means++ seeds, then some rounds of Lloyd's algorithm.
 *
 * Each seed is the best of 2 + ln K candidates drawn with probability ∝ squared distance to the seeds before. Where no
 * point is away from the seeds (duplicates), any point is drawn. A cluster that has lost its points keeps its centre.
 *
 * Shapes: z [N, D] row-major -> cluster of each point [N], 0 … K − 1.
 * Source: Arthur & Vassilvitskii 2007, "k-means++: the advantages of careful seeding", section 5 for the candidates.
 */
export const kMeans = (z: Float32Array, d: number, k: number, stream: KeyedStream): Int32Array => {
  const n = z.length / d;
  const centres = seeds(z, d, k, stream);
  const clusters = new Int32Array(n);
  for (let round = 0; round <= ROUNDS; round++) {
    const changed = assign(z, d, centres, clusters);
    if (round === ROUNDS || (changed === 0 && round > 0)) break;
    recentre(z, d, centres, clusters);
  }
  return clusters;
};

const seeds = (z: Float32Array, d: number, k: number, stream: KeyedStream): Float64Array => {
  const n = z.length / d;
  const centres = new Float64Array(k * d);
  let nearest: Float64Array = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const candidates = 2 + Math.floor(Math.log(k));
  for (let c = 0; c < k; c++) {
    let best: { readonly distances: Float64Array; readonly total: number; readonly point: number } | undefined;
    const total = c === 0 ? 0 : nearest.reduce((sum, value) => sum + value, 0);
    for (let candidate = 0; candidate < (c === 0 ? 1 : candidates); candidate++) {
      const point = total > 0 ? drawn(nearest, total * stream.uniform()) : stream.below(n);
      const distances = nearerOf(z, d, point, nearest);
      const sum = distances.reduce((a, b) => a + b, 0);
      if (!best || sum < best.total) best = { distances, total: sum, point };
    }
    nearest = best!.distances;
    for (let i = 0; i < d; i++) centres[c * d + i] = z[best!.point * d + i]!;
  }
  return centres;
};

/** The point at which the running sum of weights passes the mark. */
const drawn = (weights: Float64Array, mark: number): number => {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i]!;
    if (sum > mark) return i;
  }
  return weights.findLastIndex((weight) => weight > 0);
};

/** Squared distances to the seeds so far, with one more. */
const nearerOf = (z: Float32Array, d: number, point: number, nearest: Float64Array): Float64Array => {
  const out = new Float64Array(nearest.length);
  for (let row = 0, at = 0; row < out.length; row++) {
    let distance = 0;
    for (let i = 0; i < d; i++, at++) distance += (z[at]! - z[point * d + i]!) ** 2;
    out[row] = Math.min(distance, nearest[row]!);
  }
  return out;
};

/** Gives every point to its nearest centre; how many points moved. */
const assign = (z: Float32Array, d: number, centres: Float64Array, clusters: Int32Array): number => {
  const k = centres.length / d;
  let changed = 0;
  for (let row = 0; row < clusters.length; row++) {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      let distance = 0;
      for (let i = 0; i < d; i++) distance += (z[row * d + i]! - centres[c * d + i]!) ** 2;
      if (distance < least) {
        least = distance;
        best = c;
      }
    }
    if (clusters[row] !== best) changed++;
    clusters[row] = best;
  }
  return changed;
};

const recentre = (z: Float32Array, d: number, centres: Float64Array, clusters: Int32Array): void => {
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / d);
  clusters.forEach((c, row) => {
    counts[c]!++;
    for (let i = 0; i < d; i++) sums[c * d + i]! += z[row * d + i]!;
  });
  for (let i = 0; i < sums.length; i++) {
    const count = counts[Math.floor(i / d)]!;
    if (count > 0) centres[i] = sums[i]! / count;
  }
};
