import type { Features } from './features.js';

/** Groups of rows that are left out one at a time. */
const GROUPS = 20;

/** How many groups sets are cut into, the smallest of them of so many rows: at least two rows in each. */
export const groupsFor = (rows: number): number => Math.min(GROUPS, Math.floor(rows / 2));

/**
 * Rows in groups, row i in group i mod G: rows that stand in an order (by class, by image) are spread over all groups.
 *
 * Shapes: [n, W] -> G sets of ⌈n/G⌉ or ⌊n/G⌋ rows.
 */
export const interleaved = ({ values, n, width }: Features, groups: number): Features[] =>
  Array.from({ length: groups }, (_, g) => {
    const rows = Math.ceil((n - g) / groups);
    const out = new Float32Array(rows * width);
    for (let r = 0; r < rows; r++) {
      const start = (g + r * groups) * width;
      out.set(values.subarray(start, start + width), r * width);
    }
    return { values: out, n: rows, width };
  });

/**
 * Standard error by the delete-a-group jackknife, group g left out of all sets at once.
 *
 *   se² = (G − 1)/G Σ_g (θ_(g) − mean θ_(·))²
 *
 * The sets being independent, their parts of the variance add up in it. Its own relative error is about 1/√(2G).
 *
 * Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 11.
 */
export const jackknifeError = (leftOut: ArrayLike<number>): number => {
  const groups = leftOut.length;
  let mean = 0;
  for (let g = 0; g < groups; g++) mean += leftOut[g]! / groups;
  let squares = 0;
  for (let g = 0; g < groups; g++) squares += (leftOut[g]! - mean) ** 2;
  return Math.sqrt(((groups - 1) / groups) * squares);
};
