import type { Draws } from '../codes.js';
import { floorOf, summarizeFloor } from '../noiseFloor/floor.js';
import type { Measured } from '../result.js';
import {
  holm,
  type KolmogorovDistance,
  kolmogorovDistance,
  kolmogorovPValue,
  largestDistanceLaw,
} from './kolmogorov.js';
import { codesUsed, requireRows, type TestOptions } from './options.js';
import { normalCdf } from './specialFunctions.js';

/** One dimension of z against N(0, 1). */
export interface DimensionTest extends KolmogorovDistance {
  readonly pValue: number;
  /** By Holm, over the dimensions. */
  readonly adjusted: number;
}

/** Values of one dimension, ascending. */
const sortedColumn = (z: Draws, d: number): Float32Array => {
  const column = new Float32Array(z.n);
  for (let i = 0; i < z.n; i++) column[i] = z.z[i * z.latents + d]!;
  return column.sort();
};

/**
 * Kolmogorov–Smirnov distance of every z_d to N(0, 1), with its p-value alone and by Holm among all dimensions.
 *
 * Shapes: z [N, D] -> [D]. Units: share.
 * Throws: InputError for fewer than 10 codes.
 */
export const kolmogorovSmirnovByDimension = (z: Draws): DimensionTest[] => {
  requireRows('kolmogorovSmirnov', z, 10);
  const distances = Array.from({ length: z.latents }, (_, d) => kolmogorovDistance(sortedColumn(z, d), normalCdf));
  return testsOfDistances(distances, z.n);
};

/** The p-values of distances of n codes, alone and by Holm. */
export const testsOfDistances = (distances: readonly KolmogorovDistance[], n: number): DimensionTest[] => {
  const pValues = distances.map(({ value }) => kolmogorovPValue(value, n));
  const adjusted = holm(pValues);
  return distances.map((distance, d) => ({ ...distance, pValue: pValues[d]!, adjusted: adjusted[d]! }));
};

/** Equally likely values of the largest distance over D independent dimensions of n draws from N(0, I). */
export const kolmogorovSmirnovNull = (n: number, latents: number, replicates: number): number[] =>
  largestDistanceLaw(n, latents, replicates);

/**
 * The largest Kolmogorov–Smirnov distance over dimensions of z to N(0, 1).
 *
 *   max_d sup_x |F_n(z_d)(x) − Φ(x)|;  p-value: the least of Holm's, min_d D p_d
 *
 * All codes. The floor is the law of the largest of D independent distances.
 *
 * Shapes: z [N, D]. Units: share.
 * Throws: InputError for fewer than 10 codes.
 */
export const kolmogorovSmirnov = (
  z: Draws,
  options: TestOptions,
  byDimension: readonly DimensionTest[] = kolmogorovSmirnovByDimension(z),
): Measured => largestDistance(byDimension, z.n, options);

/** The largest of the distances of n codes in each dimension, beside its law. */
export const largestDistance = (
  byDimension: readonly DimensionTest[],
  n: number,
  { seed, floors }: TestOptions,
): Measured => {
  const latents = byDimension.length;
  const floor = floorOf('kolmogorovSmirnov', n, latents, floors, (k) =>
    kolmogorovSmirnovNull(k.rows, k.latents, k.replicates),
  );
  const largest = byDimension.reduce((most, test) => (test.value > most.value ? test : most));
  return {
    value: largest.value,
    se: largest.se,
    n,
    seed,
    unit: 'share',
    pValue: byDimension.reduce((least, test) => Math.min(least, test.adjusted), 1),
    floor: summarizeFloor(floor),
    by: `dimension ${byDimension.indexOf(largest)}, the farthest of ${latents}; ${codesUsed(n, n)}`,
  };
};
