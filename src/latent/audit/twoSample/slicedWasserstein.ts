import { keyedStream } from '../../../engine/random/index.js';
import type { Draws } from '../codes.js';
import { type FloorKey, floorOf, rankPValue, summarizeFloor } from '../noiseFloor/floor.js';
import type { Measured } from '../result.js';
import { codesUsed, priorDraws, requireRows, rowsBySeed, type TestOptions } from './options.js';
import { normalDensity, normalQuantile } from './specialFunctions.js';

const ROWS = 3000;
const PROJECTIONS = 50;

/** Unit vectors, uniform on the sphere. Shapes: -> [count, D]. */
const directions = (count: number, latents: number, seed: number, stream: string, step: number): Float64Array => {
  const random = keyedStream(seed, stream, step);
  const vectors = new Float64Array(count * latents);
  for (let l = 0; l < count; l++) {
    const vector = vectors.subarray(l * latents, (l + 1) * latents);
    for (let d = 0; d < latents; d++) vector[d] = random.normal();
    const norm = Math.hypot(...vector);
    for (let d = 0; d < latents; d++) vector[d]! /= norm;
  }
  return vectors;
};

/** Shapes: z [n, D], vector [D] -> [n]. */
const projected = (z: Draws, vector: Float64Array): Float64Array => {
  const { n, latents } = z;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let value = 0;
    for (let d = 0; d < latents; d++) value += z.z[i * latents + d]! * vector[d]!;
    out[i] = value;
  }
  return out;
};

/**
 * Mean of N(0, 1) over each of n cells of mass 1/n: where optimal transport takes the i-th smallest of n values.
 *
 *   T_i = n ∫_{(i−1)/n}^{i/n} Φ⁻¹(u) du = n (φ(Φ⁻¹((i−1)/n)) − φ(Φ⁻¹(i/n)))
 */
export const normalCellMeans = (n: number): Float64Array => {
  const densities = Float64Array.from({ length: n + 1 }, (_, i) => normalDensity(normalQuantile(i / n)));
  return Float64Array.from({ length: n }, (_, i) => n * (densities[i]! - densities[i + 1]!));
};

/**
 * W₂² between an empirical distribution and N(0, 1), exactly: no draws on the other side, no quadrature.
 *
 *   W₂² = ∫ (F_n⁻¹(u) − Φ⁻¹(u))² du = mean x² − 2 mean x_(i) T_i + 1
 *
 * Shapes: ascending, cellMeans [n]. Units: squared units of x.
 */
export const squaredWassersteinToNormal = (ascending: Float64Array, cellMeans: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < ascending.length; i++) sum += ascending[i]! * (ascending[i]! - 2 * cellMeans[i]!);
  return sum / ascending.length + 1;
};

/** Σ_l W₂² over projections; `see` is shown each projection and its sorted values. */
const sliced = (
  z: Draws,
  vectors: Float64Array,
  cellMeans: Float64Array,
  see?: (values: Float64Array, ascending: Float64Array) => void,
): number => {
  let squares = 0;
  for (let start = 0; start < vectors.length; start += z.latents) {
    const values = projected(z, vectors.subarray(start, start + z.latents));
    const ascending = see ? values.slice().sort() : values.sort();
    squares += squaredWassersteinToNormal(ascending, cellMeans);
    see?.(values, ascending);
  }
  return Math.sqrt(Math.max(0, (squares * z.latents) / vectors.length));
};

/**
 * Adds the Kantorovich potential of the transport to N(0, 1) at every value: how W₂² moves with mass put there.
 *
 *   ψ′(x) = 2 (x − T(x)), by the trapezoid rule between neighbours
 */
const addPotentials = (values: Float64Array, ascending: Float64Array, cellMeans: Float64Array, into: Float64Array) => {
  const n = ascending.length;
  const potential = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    const slope = ascending[i]! + ascending[i - 1]! - cellMeans[i]! - cellMeans[i - 1]!;
    potential[i] = potential[i - 1]! + (ascending[i]! - ascending[i - 1]!) * slope;
  }
  const centre = potential.reduce((sum, value) => sum + value, 0) / n;
  for (let row = 0; row < n; row++) {
    let low = 0;
    for (let high = n - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (ascending[middle]! < values[row]!) low = middle + 1;
      else high = middle;
    }
    into[row]! += potential[low]! - centre;
  }
};

/** Values for n true draws, with directions of their own. Shapes: -> [replicates]. */
export const slicedWassersteinFloor = ({ rows, latents, replicates, seed }: FloorKey): Float64Array => {
  const cellMeans = normalCellMeans(rows);
  return Float64Array.from({ length: replicates }, (_, b) =>
    sliced(
      priorDraws(rows, latents, seed, 'floor/slicedWasserstein', b),
      directions(PROJECTIONS, latents, seed, 'floor/slicedWasserstein/directions', b),
      cellMeans,
    ),
  );
};

/**
 * Sliced Wasserstein-2 distance of z to N(0, I): the root mean square of W₂ over random directions, every projection held
 * against N(0, 1) itself, which is what any projection of N(0, I) is.
 *
 *   SW = √ mean_l W₂²(v_l · z, N(0, 1))
 *
 * At most 3,000 codes and 50 directions, by seed; p-value by rank in the floor. A finite sample of N(0, I) has SW > 0:
 * only the floor says how far. The standard error is that of a fixed mismatch, from the potentials of the transports;
 * near the floor the floor's own spread is wider.
 *
 * Shapes: z [N, D]. Units: of z.
 * Throws: InputError for fewer than 10 codes.
 * Source: Bonneel et al. 2015, Sliced and Radon Wasserstein barycenters of measures; del Barrio & Loubes 2019,
 *         arXiv:1705.01299 (the standard error).
 */
export const slicedWasserstein = (z: Draws, { seed, floors }: TestOptions): Measured => {
  requireRows('slicedWasserstein', z, 10);
  const codes = rowsBySeed(z, ROWS, seed, 'slicedWasserstein');
  const cellMeans = normalCellMeans(codes.n);
  const vectors = directions(PROJECTIONS, z.latents, seed, 'slicedWasserstein/directions', 0);
  const potentials = new Float64Array(codes.n);
  const value = sliced(codes, vectors, cellMeans, (values, ascending) =>
    addPotentials(values, ascending, cellMeans, potentials),
  );
  const squares = potentials.reduce((sum, potential) => sum + (potential / PROJECTIONS) ** 2, 0);
  const floor = floorOf('slicedWasserstein', codes.n, z.latents, floors, slicedWassersteinFloor);
  return {
    value,
    se: value > 0 ? Math.sqrt(squares) / codes.n / (2 * value) : 0,
    n: codes.n,
    seed,
    unit: 'units',
    pValue: rankPValue(value, floor),
    floor: summarizeFloor(floor),
    by: `${codesUsed(codes.n, z.n)}; ${PROJECTIONS} directions against N(0, 1) itself`,
  };
};
