/** Codes on a plane of z: where each lies, in the order that they are drawn, and what lies nearest to a place. */
import type { Posteriors } from '../../../../../src/latent/audit/index.js';
import { momentsOf } from '../../../../../src/latent/audit/moments.js';
import { planeLogRatio, priorOn } from '../../../../../src/latent/audit/panels/index.js';
import { sampleRows, selectRows } from '../../../../../src/latent/audit/split.js';
import { coordinates, type LatentFrame, ownFrame } from '../../../../../src/latent/codes/index.js';

export type FrameName = 'dimensions' | 'components';

/** Codes that principal components are worked out from. */
const MOMENTS = 100_000;
/** Half the side of the first view at least, in standard deviations of the prior. */
const REACH = 3.6;
/** Share of the codes that lie in the first view, along either axis. */
const INSIDE = 0.998;
const TICKS = 61;

export interface Frame extends LatentFrame {
  /** Variance along each axis, where they are principal components. */
  readonly variances?: Float64Array;
}

export const frameOf = (name: FrameName, codes: Posteriors, seed: number): Frame => {
  if (name === 'dimensions') return ownFrame(codes.latents);
  const { mean, axes, eigenvalues } = momentsOf(selectRows(codes, sampleRows(codes.n, MOMENTS, seed)));
  return { latents: codes.latents, centre: mean, axes, variances: eigenvalues };
};

/** The prior against the codes on a plane. */
export interface Holes {
  readonly ticks: readonly number[];
  /** max(0, p(u) − q(u)) at the ticks, [T, T], over the greatest p. */
  readonly lacking: Float32Array;
  /** ∫ max(0, p − q): the total variation distance of the marginals. */
  readonly share: number;
}

/** The part of the prior's mass that codes are missing from, on the plane of two axes of a frame. */
export const holesOn = (codes: Posteriors, frame: Frame, [a, b]: readonly [number, number], seed: number): Holes => {
  const { latents } = frame;
  const axes = new Float64Array(2 * latents);
  [a, b].forEach((axis, k) => {
    if (axis < latents) axes.set(frame.axes.subarray(axis * latents, (axis + 1) * latents), k * latents);
  });
  const plane = { axes, centre: frame.centre };
  const [u, v] = priorOn(plane);
  const reach = REACH + Math.max(Math.abs(u), Math.abs(v));
  const step = (2 * reach) / (TICKS - 1);
  const ticks = Array.from({ length: TICKS }, (_, i) => -reach + i * step);
  let share = 0;
  const lacking = Float32Array.from(planeLogRatio(codes, plane, ticks, seed), (logRatio, at) => {
    const [x, y] = [ticks[at % TICKS]!, ticks[Math.floor(at / TICKS)]!];
    const prior = Math.exp(-0.5 * ((x - u) ** 2 + (y - v) ** 2));
    const missing = prior * Math.max(0, 1 - Math.exp(logRatio));
    share += (missing * step * step) / (2 * Math.PI);
    return missing;
  });
  return { ticks, lacking, share };
};

/** Codes that are drawn, in their order: by chance, so that the first of them look like all. */
export interface Placed {
  readonly index: Uint32Array;
  /** [index.length, 2] */
  readonly xy: Float32Array;
}

export const placedOn = (
  z: Float32Array,
  order: Uint32Array,
  frame: Frame,
  axes: readonly [number, number],
): Placed => {
  const places = coordinates(z, frame, axes);
  const xy = new Float32Array(places.length);
  order.forEach((code, at) => {
    xy[2 * at] = places[2 * code]!;
    xy[2 * at + 1] = places[2 * code + 1]!;
  });
  return { index: order, xy };
};

/** Half the side of a view of nearly all codes, and of the prior. */
export const reachOf = ({ xy }: Placed): number => {
  const far = Float32Array.from({ length: Math.min(20_000, xy.length / 2) }, (_, i) =>
    Math.max(Math.abs(xy[2 * i]!), Math.abs(xy[2 * i + 1]!)),
  ).sort();
  return Math.max(REACH, 1.05 * far[Math.floor(INSIDE * (far.length - 1))]!);
};

/** The code drawn nearest to a place. */
export const nearestPlaced = ({ index, xy }: Placed, u: number, v: number): number => {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < index.length; i++) {
    const distance = (xy[2 * i]! - u) ** 2 + (xy[2 * i + 1]! - v) ** 2;
    if (distance < least) [best, least] = [i, distance];
  }
  return index[best]!;
};

/** The code of the mean nearest to z, and how far it is. */
export const nearestCode = ({ mu, n, latents }: Posteriors, z: Float32Array): { code: number; distance: number } => {
  let [code, least] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let d = 0; d < latents && squares < least; d++) squares += (mu[i * latents + d]! - z[d]!) ** 2;
    if (squares < least) [code, least] = [i, squares];
  }
  return { code, distance: Math.sqrt(least) };
};
