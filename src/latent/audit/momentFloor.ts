import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { type KeyedStream, keyedStream } from '../../engine/random/index.js';
import { frechetOf } from './frechet.js';
import { gaussianKlOf } from './momentKl.js';
import { cachedFloor, FLOOR_SEED, type FloorCache, REPLICATES } from './noiseFloor/index.js';

/** Values of both moment statistics for sets of n true draws of N(0, I), ascending. */
export interface MomentFloors {
  readonly momentKl: readonly number[];
  readonly frechet: readonly number[];
}

/**
 * The noise floor of what is a function of mean and covariance, without drawing codes: for n draws of N(0, I)
 *
 *   m ~ N(0, I/n),  n C ~ Wishart(n − 1, I) = A Aᵀ,  A_kk² ~ χ²_{n−k} (k = 1 … D),  A_kj ~ N(0, 1) below the diagonal
 *
 * Domain: n > D.
 * Source: Bartlett 1933, "On the theory of statistical regression" (the factor A).
 */
export const momentFloors = (n: number, latents: number, floors: FloorCache | undefined): MomentFloors => {
  // Drawn only when one of the two is not kept: both come from the same draws.
  let drawn: MomentFloors | undefined;
  const draw = (): MomentFloors => {
    drawn ??= drawFloors(n, latents);
    return drawn;
  };
  const floor = (statistic: keyof MomentFloors): readonly number[] =>
    cachedFloor(
      { statistic, rows: n, latents, replicates: REPLICATES, seed: FLOOR_SEED },
      floors,
      () => draw()[statistic],
    );
  return { momentKl: floor('momentKl'), frechet: floor('frechet') };
};

const drawFloors = (n: number, latents: number): MomentFloors => {
  const moments = Array.from({ length: REPLICATES }, (_, replicate) =>
    drawMoments(n, latents, keyedStream(FLOOR_SEED, 'floor/moments', replicate)),
  );
  return {
    momentKl: moments.map(({ mean, eigenvalues }) => gaussianKlOf(mean, eigenvalues)),
    frechet: moments.map(({ mean, eigenvalues }) => frechetOf(mean, eigenvalues)),
  };
};

const drawMoments = (n: number, latents: number, random: KeyedStream): { mean: number[]; eigenvalues: number[] } => {
  const mean = Array.from({ length: latents }, () => random.normal() / Math.sqrt(n));
  const factor = Matrix.zeros(latents, latents);
  for (let k = 0; k < latents; k++) {
    for (let j = 0; j < k; j++) factor.set(k, j, random.normal());
    factor.set(k, k, Math.sqrt(chiSquared(n - 1 - k, random)));
  }
  const covariance = factor.mmul(factor.transpose()).div(n);
  const { realEigenvalues } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  return { mean, eigenvalues: realEigenvalues.map((value) => Math.max(value, Number.MIN_VALUE)) };
};

/**
 * One draw of χ²_k, twice a draw of Gamma(k/2), by rejection from a cubed normal.
 *
 * Domain: k = 1, 2, 3, …; one degree of freedom is a squared normal.
 * Source: Marsaglia & Tsang 2000, "A simple method for generating gamma variables".
 */
const chiSquared = (degrees: number, random: KeyedStream): number => {
  if (degrees === 1) return random.normal() ** 2;
  const d = degrees / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return 2 * d * v;
  }
};
