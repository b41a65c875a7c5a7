import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { Draws } from '../codes.js';
import type { FeatureMap } from './features.js';

/** A score of rows of z: above 0 where a code is likelier than a prior draw. */
export type Score = (z: Draws) => Float64Array;

/** A feature is kept when its two means differ by so many standard errors … */
const DISTINCT = 2.5;
/** … but never fewer, nor more, than so many: the most distinct. */
const FEWEST = 8;
const MOST = 150;
/** Ridge, as a share of the variance of a feature. */
const RIDGE = 0.01;

/** Means and variances of the features of a sample. */
const featureMoments = ({ z, n, latents }: Draws, map: FeatureMap) => {
  const mean = new Float64Array(map.width);
  const variance = new Float64Array(map.width);
  const out = new Float64Array(map.width);
  for (let i = 0; i < n; i++) {
    map.fill(z, i * latents, out);
    for (let f = 0; f < map.width; f++) {
      const value = out[f]!;
      mean[f]! += value;
      variance[f]! += value * value;
    }
  }
  for (let f = 0; f < map.width; f++) {
    mean[f]! /= n;
    variance[f] = Math.max(0, variance[f]! / n - mean[f]! ** 2);
  }
  return { mean, variance };
};

/** Shapes: [n, k], the chosen features less their centre, over their scale. */
const chosenFeatures = (
  { z, n, latents }: Draws,
  map: FeatureMap,
  chosen: readonly number[],
  centre: readonly number[],
  scale: readonly number[],
): Float64Array => {
  const out = new Float64Array(map.width);
  const k = chosen.length;
  const rows = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    map.fill(z, i * latents, out);
    for (let f = 0; f < k; f++) rows[i * k + f] = (out[chosen[f]!]! - centre[f]!) / scale[f]!;
  }
  return rows;
};

/** Adds Xᵀ X to the lower triangle of `gram`; four rows at a time spare the memory. */
const addGram = (rows: Float64Array, k: number, gram: Float64Array): void => {
  const n = rows.length / k;
  const rest = new Float64Array(k);
  const row = (i: number): Float64Array => (i < n ? rows.subarray(i * k, (i + 1) * k) : rest);
  for (let i = 0; i < n; i += 4) {
    const [p, q, r, s] = [row(i), row(i + 1), row(i + 2), row(i + 3)];
    for (let a = 0; a < k; a++) {
      const [pa, qa, ra, sa] = [p[a]!, q[a]!, r[a]!, s[a]!];
      const start = a * k;
      for (let b = 0; b <= a; b++) gram[start + b]! += pa * p[b]! + qa * q[b]! + ra * r[b]! + sa * s[b]!;
    }
  }
};

/**
 * A linear classifier of codes and prior draws on the features whose means differ most: least squares with a ridge.
 *
 *   keep f with |m_f(codes) − m_f(prior)| > 2.5 se, 8 to 150 of them;  w = (XᵀX/n + 0.01 I)⁻¹ (m(codes) − m(prior))
 *
 * Screening keeps a shift in one dimension of many visible among hundreds of features that say nothing.
 *
 * Shapes: codes, prior [n, D] each. Deterministic.
 * Source: screening: Fan & Lv 2008, Sure independence screening, JRSS B 70.
 */
export const discriminant = (codes: Draws, prior: Draws, map: FeatureMap): Score => {
  const [q, p] = [featureMoments(codes, map), featureMoments(prior, map)];
  const distinct = q.mean.map((mean, f) => {
    const variance = q.variance[f]! / codes.n + p.variance[f]! / prior.n;
    // A feature constant on both sides tells nothing.
    return variance > 0 ? Math.abs(mean - p.mean[f]!) / Math.sqrt(variance) : 0;
  });
  const ranked = Array.from(distinct.keys()).sort((a, b) => distinct[b]! - distinct[a]! || a - b);
  const chosen = ranked
    .slice(0, MOST)
    .filter((f, rank) => distinct[f]! > 0 && (rank < FEWEST || distinct[f]! > DISTINCT));
  const k = chosen.length;
  const centre = chosen.map((f) => 0.5 * (q.mean[f]! + p.mean[f]!));
  const scale = chosen.map((f) => Math.sqrt(0.5 * (q.variance[f]! + p.variance[f]!)));
  const features = (z: Draws) => chosenFeatures(z, map, chosen, centre, scale);

  const gram = new Float64Array(k * k);
  addGram(features(codes), k, gram);
  addGram(features(prior), k, gram);
  const rows = codes.n + prior.n;
  const matrix = new Matrix(k, k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b <= a; b++) {
      const value = gram[a * k + b]! / rows + (a === b ? RIDGE : 0);
      matrix.set(a, b, value);
      matrix.set(b, a, value);
    }
  }
  const difference = chosen.map((f, i) => (q.mean[f]! - p.mean[f]!) / scale[i]!);
  const weights = new CholeskyDecomposition(matrix).solve(Matrix.columnVector(difference)).to1DArray();
  return (z) => {
    const values = features(z);
    return Float64Array.from({ length: z.n }, (_, i) => {
      let sum = 0;
      for (let f = 0; f < k; f++) sum += weights[f]! * values[i * k + f]!;
      return sum;
    });
  };
};
