import { evenEdges, type Histogram, histogram } from '../../codes/index.js';
import type { Draws } from '../codes.js';
import type { AuditPanels } from '../result.js';
import { fineEdges, innerRange } from './edges.js';

const RADIUS_BINS = 200;

/** ‖z‖ of the draws, binned from where N(0, I) has its radii to as far as the codes go. */
export const radiusHistogram = ({ z, n, latents }: Draws): Histogram => {
  const radii = Float64Array.from({ length: n }, (_, i) => {
    let squares = 0;
    for (let d = 0; d < latents; d++) squares += z[i * latents + d]! ** 2;
    return Math.sqrt(squares);
  });
  // N(0, I) has its radii within 4 of √D, whatever D is.
  const shell = Math.sqrt(latents);
  const low = radii.reduce((least, r) => Math.min(least, r), Math.max(0, shell - 4));
  const high = radii.reduce((most, r) => Math.max(most, r), shell + 4);
  // A bin more than the data need: the last one leaves its upper edge out.
  return histogram(radii, evenEdges(low, high + 0.1, RADIUS_BINS));
};

/** r(z) of held-out codes and of prior draws on the same bins, but for the outermost 0.5% of either. */
export const ratioHistograms = (
  codes: Float64Array,
  prior: Float64Array,
  threshold: number,
): NonNullable<AuditPanels['ratio']> => {
  const ranges = [innerRange(codes, 0.005), innerRange(prior, 0.005)] as const;
  const edges = fineEdges(Math.min(ranges[0][0], ranges[1][0], threshold), Math.max(ranges[0][1], ranges[1][1]));
  return { codes: histogram(codes, edges), prior: histogram(prior, edges), threshold };
};
