import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Measured } from '../audit/result.js';
import { type Features, requireFeatures } from './features.js';
import { type FeatureMoments, groupedMoments } from './groupedMoments.js';
import { groupsFor, jackknifeError } from './jackknife.js';
import { withError } from './measured.js';

/** A distance, and what it is with each group of rows left out of both sets. */
export interface Replicated {
  readonly value: number;
  readonly leftOut: Float64Array;
}

/** Eigenvalues and eigenvectors (columns) of a symmetric matrix; what rounding left below 0 is 0. */
const symmetricEigen = (matrix: Matrix): { readonly values: number[]; readonly vectors: Matrix } => {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { values: realEigenvalues.map((value) => Math.max(0, value)), vectors: eigenvectorMatrix };
};

const symmetricRoot = (matrix: Matrix): Matrix => {
  const { values, vectors } = symmetricEigen(matrix);
  const scaled = vectors.clone();
  values.forEach((value, k) => {
    scaled.mulColumn(k, Math.sqrt(value));
  });
  return scaled.mmul(vectors.transpose());
};

/** Of two Gaussians; covariances may be singular. */
export const frechetOfMoments = (a: FeatureMoments, b: FeatureMoments): number => {
  const root = symmetricRoot(a.covariance);
  const product = root.mmul(b.covariance).mmul(root);
  const symmetric = Matrix.add(product, product.transpose()).mul(0.5);
  const cross = symmetricEigen(symmetric).values.reduce((sum, value) => sum + Math.sqrt(value), 0);
  const shift = a.mean.reduce((sum, value, d) => sum + (value - b.mean[d]!) ** 2, 0);
  return Math.max(0, shift + a.covariance.trace() + b.covariance.trace() - 2 * cross);
};

/** By reference, then by samples: a distance is asked for by itself and among controls, and takes half a second. */
const known = new WeakMap<Features, WeakMap<Features, Replicated>>();

/** Of the sets in as many groups as `rows` rows allow: distances to one reference in the same groups are paired. */
export const frechetReplicates = (
  reference: Features,
  samples: Features,
  rows = Math.min(reference.n, samples.n),
): Replicated => {
  requireFeatures('frechetDistance', reference, samples, 4);
  const groups = groupsFor(rows);
  const ofReference = known.get(reference) ?? new WeakMap<Features, Replicated>();
  const before = ofReference.get(samples);
  if (before?.leftOut.length === groups) return before;
  const [a, b] = [groupedMoments(reference, groups), groupedMoments(samples, groups)];
  const found = {
    value: frechetOfMoments(a.all, b.all),
    leftOut: Float64Array.from({ length: groups }, (_, g) => frechetOfMoments(a.without(g), b.without(g))),
  };
  known.set(reference, ofReference.set(samples, found));
  return found;
};

export const measuredFrechet = (reference: Features, samples: Features, { value, leftOut }: Replicated): Measured => {
  const { se, ...rest } = withError(value, jackknifeError(leftOut), {
    n: samples.n,
    unit: 'units²',
    by: `${reference.n} reference rows, jackknife of ${leftOut.length} groups`,
  });
  return { ...rest, se: se!, interval: [Math.max(0, rest.interval![0]), rest.interval![1]] };
};

/**
 * Squared Fréchet distance of the Gaussians with the moments of two feature sets.
 *
 *   |m_a − m_b|² + tr(C_a + C_b − 2 (C_a^½ C_b C_a^½)^½)
 *
 * The root is of a symmetric matrix, by its eigenvalues in float64; covariances are divided by n − 1 and may be singular.
 * It is biased upwards, by about (the number of features) / n of their scale: compare sets of one size. The standard
 * error is a jackknife's of both sets. Called by the name of what gave the features (`distance` of a FeatureExtractor),
 * and FID for the Inception network alone.
 *
 * Shapes: [n, W], [m, W]; n and m at least 4.
 * Units:  those of the features, squared.
 * Throws: ShapeError when widths differ or rows are fewer.
 * Source: Dowson & Landau 1982; Heusel et al. 2017, arXiv:1706.08500.
 */
export const frechetDistance = (reference: Features, samples: Features): Measured =>
  measuredFrechet(reference, samples, frechetReplicates(reference, samples));
