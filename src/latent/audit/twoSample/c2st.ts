import type { Draws } from '../codes.js';
import { floorOf, summarizeFloor } from '../noiseFloor/floor.js';
import type { Measured } from '../result.js';
import { aucOf } from './auc.js';
import { discriminant } from './discriminant.js';
import { featureMap } from './features.js';
import { codesUsed, priorDraws, requireRows, rowsBySeed, type TestOptions } from './options.js';
import { normalCdf, normalQuantile } from './specialFunctions.js';
import { wilsonInterval } from './wilson.js';

/** Codes, half to train on and half to test on, and as many prior draws. */
const ROWS = 20_000;
const WORK = 5e8;

export interface ClassifierTest {
  readonly accuracy: Measured;
  readonly auc: Measured;
}

const normalLaw = (sd: number, replicates: number): number[] =>
  Array.from({ length: replicates }, (_, b) => 0.5 + sd * normalQuantile((b + 0.5) / replicates));

/** Equally likely accuracies on n codes and n prior draws that no classifier can tell apart: binomial, half of 2 n. */
export const accuracyNull = (rows: number, replicates: number): number[] =>
  normalLaw(Math.sqrt(1 / (8 * rows)), replicates);

/** Equally likely areas for n codes and n prior draws of one law: Mann and Whitney's. */
export const aucNull = (rows: number, replicates: number): number[] =>
  normalLaw(Math.sqrt((2 * rows + 1) / (12 * rows * rows)), replicates);

const rowRange = ({ z, latents }: Draws, start: number, end: number): Draws => ({
  z: z.subarray(start * latents, end * latents),
  n: end - start,
  latents,
});

/**
 * Classifier two-sample test: a classifier learns to tell codes from prior draws on one half, and is judged on the other.
 * Nothing it learnt by chance helps it there: an accuracy above ½ is a difference.
 *
 *   accuracy = ½ (share of codes with score > 0 + share of prior draws with score <= 0), Wilson's interval of 2 n trials
 *   AUC      = P(a code scores above a prior draw), DeLong's interval
 *
 * p-values are one-sided: of accuracy by the normal test of two shares, of AUC by Mann and Whitney. At most 20,000 codes
 * by seed (fewer where D is in the hundreds), half of them to train on, and as many prior draws. The classifier is
 * `discriminant` on `featureMap`: a lower bound on what a better one would tell apart.
 *
 * Shapes: z [N, D]. Units: share. `n` counts the judged rows, codes and prior draws.
 * Throws: InputError for fewer than 20 codes.
 * Source: Lopez-Paz & Oquab 2016, arXiv:1610.06545.
 */
export const c2st = (z: Draws, { seed, floors }: TestOptions): ClassifierTest => {
  requireRows('c2st', z, 20);
  const map = featureMap(z.latents, seed);
  const codes = rowsBySeed(z, Math.min(ROWS, Math.max(200, Math.floor(WORK / map.width))), seed, 'c2st');
  const prior = priorDraws(codes.n, z.latents, seed, 'c2st/prior');
  const half = codes.n >> 1;
  const score = discriminant(rowRange(codes, 0, half), rowRange(prior, 0, half), map);
  const ofCodes = score(rowRange(codes, half, codes.n));
  const ofPrior = score(rowRange(prior, half, codes.n));

  const rows = codes.n - half;
  const shared = {
    n: 2 * rows,
    seed,
    unit: 'share',
    by: `${codesUsed(codes.n, z.n)}, half to train on, and as many prior draws`,
  };
  const hits = ofCodes.reduce((count, s) => count + (s > 0 ? 1 : 0), 0);
  const misses = ofPrior.reduce((count, s) => count + (s > 0 ? 1 : 0), 0);
  const right = hits + rows - misses;
  const calledCode = (hits + misses) / (2 * rows);
  const spread = Math.sqrt((2 * calledCode * (1 - calledCode)) / rows);
  const accuracy = right / (2 * rows);
  const auc = aucOf(ofCodes, ofPrior);
  return {
    accuracy: {
      ...shared,
      value: accuracy,
      se: Math.sqrt((accuracy * (1 - accuracy)) / (2 * rows)),
      interval: wilsonInterval(right, 2 * rows),
      pValue: spread > 0 ? 1 - normalCdf((hits - misses) / rows / spread) : 1,
      floor: summarizeFloor(floorOf('c2st', rows, 1, floors, (k) => accuracyNull(k.rows, k.replicates))),
    },
    auc: {
      ...shared,
      value: auc.value,
      se: auc.se,
      interval: [Math.max(0, auc.value - 1.96 * auc.se), Math.min(1, auc.value + 1.96 * auc.se)],
      pValue: 1 - normalCdf((auc.value - 0.5) / auc.nullSd),
      floor: summarizeFloor(floorOf('c2stAuc', rows, 1, floors, (k) => aucNull(k.rows, k.replicates))),
    },
  };
};
