/** Codes out of the sample of a summary. */
import type { Codes } from '../codes.js';
import type { Reservoir } from './reservoir.js';
import type { StreamSummary } from './summary.js';

/** Rows `from` … `to − 1` of the sample, in the order of their keys: any of them a random part. */
export const sampledCodes = ({ settings, sample }: StreamSummary, from: number, to: number): Codes => {
  const { latents, posteriors } = settings;
  const shape = { n: to - from, latents };
  const columns = (first: number): Float32Array => columnsOf(sample, from, to, first, latents);
  return posteriors ? { ...shape, mu: columns(0), sigma: columns(latents) } : { ...shape, z: columns(0) };
};

const columnsOf = (
  { values, width }: Reservoir,
  from: number,
  to: number,
  first: number,
  columns: number,
): Float32Array => {
  const out = new Float32Array((to - from) * columns);
  for (let row = from; row < to; row++) {
    const start = row * width + first;
    out.set(values.subarray(start, start + columns), (row - from) * columns);
  }
  return out;
};
