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
  const least = radii.reduce((low, r) => Math.min(low, r), Number.POSITIVE_INFINITY);
  const most = radii.reduce((high, r) => Math.max(high, r), 0);
  return histogram(radii, radiusEdges(least, most, latents));
};

/** Bins for radii from `least` to `most`, and for those of N(0, I). */
export const radiusEdges = (least: number, most: number, latents: number): number[] => {
  // N(0, I) has its radii within 4 of √D, whatever D is.
  const shell = Math.sqrt(latents);
  // A bin more than the data need: the last one leaves its upper edge out.
  return evenEdges(Math.min(least, Math.max(0, shell - 4)), Math.max(most, shell + 4) + 0.1, RADIUS_BINS);
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
