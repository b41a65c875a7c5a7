import { ShapeError } from '../../../engine/errors/index.js';
import { float32, type Runtime, type Session } from '../../../engine/runtime/index.js';
import type { Density, Posteriors } from '../codes.js';
import { blockModel } from './block.js';
import { componentsOf } from './components.js';
import { LogSums } from './logSums.js';
import { requirePosteriors } from './posteriors.js';
import { NEGLIGIBLE, singleLimits } from './precision.js';

/** q(z) = (1/N) Σ_i N(z; μ_i, diag σ_i²), the aggregate posterior. */
export interface MixtureDensity extends Density {
  readonly name: 'aggregate posterior';
  /**
   * Shapes: z [S, D] -> [S] nats. `onProgress` gets the share done, 0 … 1.
   * Throws: ShapeError for a part of a row, RangeError for a z that is not finite.
   */
  logProb(z: Float32Array, onProgress?: (share: number) => void): Promise<Float64Array>;
  /** Gives the sessions of the runtime back; the density is of no use afterwards. */
  release(): Promise<void>;
}

/** Rows and components of one call: few enough that their exponents stay in a cache. */
const ROWS = 500;
const COMPONENTS = 1000;

/**
 * The aggregate posterior, over all N posteriors and never a part of them.
 *
 *   ln q(z) = logsumexp_i [ln N(z; μ_i, diag σ_i²)] − ln N
 *
 * A product of matrices followed by a logsumexp that streams over blocks, so that neither S×N×D nor S×N is ever held.
 * The product is of float32 where its error is known to be small, and of float64 for the components and the z where
 * not.
 *
 * Shapes: mu, sigma [N, D].
 * Units:  nats.
 * Domain: σ > 0 and ln q(z) above −10³⁸. Error below 6·10⁻⁴ nats: 5·10⁻⁴ of float32 (see `singleLimits`; most often a
 *         tenth of it) and 4D·10⁻¹⁶·Σ_d ((|z_d| + |μ_d|)/σ_d)² of float64, z and μ from the mean of the μ: 10⁻⁵ for σ
 *         of 0.01, |μ| of 10 and D of 128.
 * Throws: ShapeError when mu and sigma are not [N, D], RangeError for a μ that is not finite or a σ that is not above
 *         0.
 * Source: Hoffman & Johnson 2016, "ELBO surgery"; Chen et al. 2018, arXiv:1802.04942, of which this is the full sum.
 */
export const mixtureDensity = async (q: Posteriors, runtime: Runtime): Promise<MixtureDensity> => {
  requirePosteriors('mixtureDensity', q);
  const { n, latents } = q;
  const { mu, sigma, logWeight, single, centre } = componentsOf(q);
  const { distance } = singleLimits(latents);
  const narrow = await runtime.load(blockModel(centre, 'float32'));
  const wide = await runtime.load(blockModel(centre, 'float64'));
  const highest = logWeight.subarray(0, single).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

  /** The logsumexp of components first … last − 1 at every row of z. */
  const sumOver = async (
    session: Session,
    z: Float32Array,
    first: number,
    last: number,
    tick?: (done: number) => void,
  ) => {
    const sums = new LogSums(z.length / latents);
    for (let from = first; from < last; from += COMPONENTS) {
      const count = Math.min(COMPONENTS, last - from);
      const part = (values: Float32Array): Float32Array => values.subarray(from * latents, (from + count) * latents);
      const feeds = {
        mu: float32(part(mu), [count, latents]),
        sigma: float32(part(sigma), [count, latents]),
        weight: float32(splitParts(logWeight.subarray(from, from + count)), [2, count]),
      };
      for (let start = 0; start < sums.rows; start += ROWS) {
        const rows = Math.min(ROWS, sums.rows - start);
        const block = z.subarray(start * latents, (start + rows) * latents);
        const { max, sum } = await session.run({ ...feeds, z: float32(block, [rows, latents]) });
        const [high, low] = [max!.data as Float32Array, (max!.data as Float32Array).subarray(rows)];
        for (let r = 0; r < rows; r++) sums.add(start + r, high[r]! + low[r]!, (sum!.data as Float32Array)[r]!);
      }
      tick?.(from + count);
    }
    return sums;
  };

  return {
    name: 'aggregate posterior',
    logProb: async (z, onProgress) => {
      requireRows(z, latents);
      const tick = (done: number): void => onProgress?.(done / n);
      const rough = await sumOver(narrow, z, 0, single, tick);
      const exact = await sumOver(wide, z, single, n, tick);
      // Written so that a NaN, which float32 gives where z² overflows, counts as far.
      const near = (s: number): boolean => highest - Math.max(rough.max[s]!, exact.max[s]!) + NEGLIGIBLE <= distance;
      const far = rowsWhere(rough.rows, (s) => !near(s));
      const again = await sumOver(wide, rowsOf(z, far, latents), 0, single);
      far.forEach((s, at) => {
        rough.replace(s, again, at);
      });
      rough.addAll(exact);
      return rough.values();
    },
    release: async () => {
      await narrow.release();
      await wide.release();
    },
  };
};

/** Each value as the sum of two float32, to 48 bits. [n] -> [2, n] */
const splitParts = (values: Float64Array): Float32Array => {
  const parts = new Float32Array(2 * values.length);
  values.forEach((value, i) => {
    parts[i] = value;
    parts[values.length + i] = value - parts[i]!;
  });
  return parts;
};

const rowsWhere = (rows: number, holds: (row: number) => boolean): number[] =>
  Array.from({ length: rows }, (_, row) => row).filter(holds);

const rowsOf = (z: Float32Array, rows: readonly number[], latents: number): Float32Array => {
  const out = new Float32Array(rows.length * latents);
  rows.forEach((row, at) => {
    out.set(z.subarray(row * latents, (row + 1) * latents), at * latents);
  });
  return out;
};

const requireRows = (z: Float32Array, latents: number): void => {
  if (z.length % latents !== 0) {
    throw new ShapeError(`logProb: z: expected rows of ${latents} values, got ${z.length} values`);
  }
  const bad = z.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const [row, column] = [Math.floor(bad / latents), bad % latents];
  throw new RangeError(`logProb: z: expected finite values, got ${z[bad]} in row ${row}, column ${column}`);
};
