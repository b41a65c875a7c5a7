import type { Codes, Draws } from '../codes.js';
import type { Moments } from '../moments.js';
import type { HoleMap } from '../result.js';
import { sampleRows } from '../split.js';
import { innerRange } from './edges.js';
import { rounded } from './rounded.js';

/** Grid points along each axis; odd, so that one lies in the middle. */
const TICKS = 61;
/** Codes whose density the map is drawn from. */
const COMPONENTS = 3000;
const POINTS = 500;

export interface HoleMapInput {
  readonly codes: Codes;
  readonly draws: Draws;
  readonly moments: Moments;
  readonly prior: Draws;
  /** Rows of `prior` that lie in a hole. */
  readonly inHole: (row: number) => boolean;
  readonly seed: number;
}

/** Coordinates along both axes, from the centre. Shapes: z [N, D] -> [N, 2]. */
const project = ({ z, n, latents }: Draws, axes: Float64Array, centre: Float64Array): Float64Array => {
  const out = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < latents; d++) {
      const value = z[i * latents + d]! - centre[d]!;
      out[2 * i]! += axes[d]! * value;
      out[2 * i + 1]! += axes[latents + d]! * value;
    }
  }
  return out;
};

/** A Gaussian of the plane: its centre, the inverse of its covariance, and the logarithm of its height. */
interface PlaneGaussian {
  readonly u: number;
  readonly v: number;
  readonly uu: number;
  readonly uv: number;
  readonly vv: number;
  readonly height: number;
}

const planeGaussian = (u: number, v: number, a: number, b: number, c: number): PlaneGaussian => {
  const det = a * c - b * b;
  return { u, v, uu: c / det, uv: -b / det, vv: a / det, height: -0.5 * Math.log(det) - Math.log(2 * Math.PI) };
};

/** The codes as Gaussians of the plane: posteriors projected, or draws with the width of a kernel. */
const components = (codes: Codes, axes: Float64Array, centre: Float64Array, step: number, seed: number) => {
  const { latents } = codes;
  const rows = sampleRows(codes.n, COMPONENTS, seed);
  const centres = project({ ...codes, z: 'mu' in codes ? codes.mu : codes.z }, axes, centre);
  const spread = [0, 1].map((axis) => {
    let sum = 0;
    for (let i = 0; i < codes.n; i++) sum += centres[2 * i + axis]! ** 2 / codes.n;
    return sum;
  });
  // Narrower than half a step of the grid, a Gaussian would fall between its points.
  const least = (step / 2) ** 2;
  const scott = rows.length ** (-1 / 3);
  return Array.from(rows, (i) => {
    const [u, v] = [centres[2 * i]!, centres[2 * i + 1]!];
    if (!('sigma' in codes)) {
      const width = (axis: number): number => Math.max(least, scott * spread[axis]!);
      return planeGaussian(u, v, width(0), 0, latents === 1 ? 1 : width(1));
    }
    // Along an axis that is none, codes and prior are alike.
    let [a, b, c] = [least, 0, latents === 1 ? 1 : least];
    for (let d = 0; d < latents; d++) {
      const variance = codes.sigma[i * latents + d]! ** 2;
      a += variance * axes[d]! ** 2;
      b += variance * axes[d]! * axes[latents + d]!;
      c += variance * axes[latents + d]! ** 2;
    }
    return planeGaussian(u, v, a, b, c);
  });
};

/** ln of the mean density of Gaussians at a point of the plane. */
const logDensity = (gaussians: readonly PlaneGaussian[], x: number, y: number, exponents: Float64Array): number => {
  let most = Number.NEGATIVE_INFINITY;
  gaussians.forEach(({ u, v, uu, uv, vv, height }, k) => {
    const [s, t] = [x - u, y - v];
    const exponent = height - 0.5 * (uu * s * s + 2 * uv * s * t + vv * t * t);
    exponents[k] = exponent;
    if (exponent > most) most = exponent;
  });
  let sum = 0;
  for (let k = 0; k < exponents.length; k++) sum += Math.exp(exponents[k]! - most);
  return most + Math.log(sum / gaussians.length);
};

/** A plane of z: two unit vectors at right angles, [2, D], of which the second is zero where D is 1, and its zero point, [D]. */
export interface LatentPlane {
  readonly axes: Float64Array;
  readonly centre: Float64Array;
}

/** Where N(0, I) has its middle on a plane. */
export const priorOn = ({ axes, centre }: LatentPlane): readonly [number, number] => {
  const latents = centre.length;
  const [u, v] = project({ z: new Float32Array(latents), n: 1, latents }, axes, centre);
  return [u!, v!];
};

/**
 * ln q(u) − ln p(u) of the marginals of codes and prior on a plane, at the points of a grid, those along the first axis
 * first. Of at most 3,000 codes, by the seed; draws are smoothed by a Gaussian kernel of Scott's width, and no code is
 * narrower than half a step of the grid. One latent has one axis: the grid changes along it alone.
 *
 * Shapes: ticks [T], ascending by equal steps -> [T, T]. Units: nats.
 */
export const planeLogRatio = (codes: Codes, plane: LatentPlane, ticks: readonly number[], seed: number): number[] => {
  const gaussians = components(codes, plane.axes, plane.centre, ticks[1]! - ticks[0]!, seed);
  const exponents = new Float64Array(gaussians.length);
  const [u, v] = priorOn(plane);
  const row = (y: number): number[] =>
    ticks.map((x) => {
      const logPrior = -0.5 * ((x - u) ** 2 + (y - v) ** 2) - Math.log(2 * Math.PI);
      return logDensity(gaussians, x, y, exponents) - logPrior;
    });
  if (codes.latents > 1) return ticks.flatMap(row);
  const one = row(0);
  return ticks.flatMap(() => one);
};

/**
 * ln q(u) − ln p(u) of the marginals of codes and prior in the plane of the two leading principal axes of the codes,
 * with some codes and prior draws on it. Of at most 3,000 codes; draws are smoothed by a Gaussian kernel of Scott's width.
 * One latent has one axis: the second is zero, and the map changes along the first alone.
 */
export const holeMap = ({ codes, draws, moments, prior, inHole, seed }: HoleMapInput): HoleMap => {
  const { latents } = codes;
  const plane = new Float64Array(2 * latents);
  plane.set(moments.axes.subarray(0, Math.min(2, latents) * latents));
  const centre = moments.mean;
  const onPlane = project(draws, plane, centre);
  const priorOnPlane = project(prior, plane, centre);

  // The prior on this plane is N(o, I), o the place of its centre.
  const origin = priorOn({ axes: plane, centre });
  const [first, last] = innerRange(onPlane, 0.001);
  const low = Math.min(first, origin[0] - 3.5, origin[1] - 3.5);
  const high = Math.max(last, origin[0] + 3.5, origin[1] + 3.5);
  const step = (high - low) / (TICKS - 1);
  const ticks = Array.from({ length: TICKS }, (_, i) => low + i * step);

  const point = (points: Float64Array, i: number): [number, number] => [
    rounded(points[2 * i]!),
    rounded(points[2 * i + 1]!),
  ];
  return {
    axes: [plane.subarray(0, latents), plane.subarray(latents)].map((axis) => Array.from(axis, rounded)),
    centre: Array.from(centre, rounded),
    ticks: ticks.map(rounded),
    logRatio: planeLogRatio(codes, { axes: plane, centre }, ticks, seed).map(rounded),
    codes: Array.from(sampleRows(draws.n, POINTS, seed), (i) => point(onPlane, i)),
    prior: Array.from({ length: Math.min(POINTS, prior.n) }, (_, i) => [...point(priorOnPlane, i), inHole(i) ? 1 : 0]),
  };
};
