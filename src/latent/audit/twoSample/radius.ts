import type { Draws } from '../codes.js';
import { floorOf, summarizeFloor } from '../noiseFloor/floor.js';
import type { Measured } from '../result.js';
import { type KolmogorovDistance, kolmogorovDistance, kolmogorovPValue, largestDistanceLaw } from './kolmogorov.js';
import { codesUsed, requireRows, type TestOptions } from './options.js';
import { chiSquaredCdf } from './specialFunctions.js';

/** Equally likely values of the distance for n draws from N(0, I), the same for every D. */
export const radiusNull = (n: number, replicates: number): number[] => largestDistanceLaw(n, 1, replicates);

/**
 * Kolmogorov–Smirnov distance of ‖z‖² to χ²_D.
 *
 *   sup_r |F_n(r) − P(D/2, r/2)|,  F_n of r_i = Σ_d z_id²
 *
 * Sees codes on a shell, or too near or too far from the origin, whatever their directions. All codes.
 *
 * Shapes: z [N, D]. Units: share.
 * Throws: InputError for fewer than 10 codes.
 */
export const radius = (z: Draws, options: TestOptions): Measured => {
  requireRows('radius', z, 10);
  const { n, latents } = z;
  const squares = new Float64Array(n);
  for (let i = 0; i < n * latents; i++) squares[Math.floor(i / latents)]! += z.z[i]! * z.z[i]!;
  return radiusOf(
    kolmogorovDistance(squares.sort(), (r) => chiSquaredCdf(r, latents)),
    n,
    options,
  );
};

/** The distance of n squared radii to their law, beside those of true draws. */
export const radiusOf = (distance: KolmogorovDistance, n: number, { seed, floors }: TestOptions): Measured => {
  // One floor for every D.
  const floor = floorOf('radius', n, 1, floors, (k) => radiusNull(k.rows, k.replicates));
  return {
    ...distance,
    n,
    seed,
    unit: 'share',
    pValue: kolmogorovPValue(distance.value, n),
    floor: summarizeFloor(floor),
    by: codesUsed(n, n),
  };
};
