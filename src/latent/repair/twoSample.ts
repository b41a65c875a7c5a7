import type { Draws } from '../audit/codes.js';
import type { Measured } from '../audit/result.js';
import { discriminant } from '../audit/twoSample/discriminant.js';
import { featureMap } from '../audit/twoSample/features.js';
import { wilsonInterval } from '../audit/twoSample/index.js';
import { rowsBySeed } from '../audit/twoSample/options.js';

/** Rows of each side, half to train on and half to judge by. */
const ROWS = 20_000;
const WORK = 5e8;
/** Fewer rows of a side say nothing. */
export const LEAST_ROWS = 40;

/** Rows less the mean and over the spread that the codes have in each dimension: what the features are made for. */
const standardised = (codes: Draws): ((draws: Draws) => Draws) => {
  const { n, latents } = codes;
  const mean = new Float64Array(latents);
  const scale = new Float64Array(latents);
  for (let i = 0; i < codes.z.length; i++) mean[i % latents]! += codes.z[i]! / n;
  for (let i = 0; i < codes.z.length; i++) scale[i % latents]! += (codes.z[i]! - mean[i % latents]!) ** 2 / n;
  return (draws) => ({
    ...draws,
    z: draws.z.map((value, i) => (value - mean[i % latents]!) / Math.max(1e-6, Math.sqrt(scale[i % latents]!))),
  });
};

const range = ({ z, latents }: Draws, start: number, end: number): Draws => ({
  z: z.subarray(start * latents, end * latents),
  n: end - start,
  latents,
});

/**
 * Classifier two-sample test of held-out codes and a sampler's draws: the audit's test with the draws in the place of
 * N(0, I).
 *
 *   accuracy = ½ (share of codes with score > 0 + share of draws with score <= 0), on halves not trained on
 *
 * Codes are put to mean 0 and variance 1 in each dimension first, and draws with them: the classifier's features are made
 * for that scale.
 *
 * Shapes: [n, D], [m, D]; as many rows of each are used. Units: share, Wilson's interval.
 * Domain: at least 40 rows of each.
 * Source: Lopez-Paz & Oquab 2016, arXiv:1610.06545.
 */
export const classifierTest = (heldOut: Draws, drawn: Draws, seed: number): Measured => {
  const map = featureMap(heldOut.latents, seed);
  const rows = Math.min(heldOut.n, drawn.n, ROWS, Math.max(200, Math.floor(WORK / map.width)));
  const scaled = standardised(heldOut);
  const codes = scaled(rowsBySeed(heldOut, rows, seed, 'repair/codes'));
  const draws = scaled(rowsBySeed(drawn, rows, seed, 'repair/draws'));
  const half = rows >> 1;
  const score = discriminant(range(codes, 0, half), range(draws, 0, half), map);
  const hits = score(range(codes, half, rows)).reduce((count, s) => count + (s > 0 ? 1 : 0), 0);
  const misses = score(range(draws, half, rows)).reduce((count, s) => count + (s > 0 ? 1 : 0), 0);
  const judged = 2 * (rows - half);
  const right = hits + judged / 2 - misses;
  const value = right / judged;
  return {
    value,
    se: Math.sqrt((value * (1 - value)) / judged),
    interval: wilsonInterval(right, judged),
    n: judged,
    seed,
    unit: 'share',
    by: `${rows} held-out codes and as many draws, half of each to train on`,
  };
};
