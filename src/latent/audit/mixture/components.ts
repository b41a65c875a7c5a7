import type { Posteriors } from '../codes.js';
import { singleLimits } from './precision.js';

/** The posteriors in an order that puts those first which the float32 product may serve. */
export interface Components {
  /** [N, D] */
  readonly mu: Float32Array;
  readonly sigma: Float32Array;
  /** ln w_i = −Σ_d ln σ_id − (D/2) ln 2π − ln N. [N] */
  readonly logWeight: Float64Array;
  /** The first so many may go through float32. */
  readonly single: number;
  /** Mean of the μ. [D] */
  readonly centre: Float32Array;
}

export const componentsOf = (q: Posteriors): Components => {
  const { n, latents } = q;
  const centre = centreOf(q);
  const { offset } = singleLimits(latents);
  const logWeight = new Float64Array(n).fill(-0.5 * latents * Math.log(2 * Math.PI) - Math.log(n));
  const singles: number[] = [];
  const doubles: number[] = [];
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let d = 0; d < latents; d++) {
      const sigma = q.sigma[i * latents + d]!;
      squares += ((q.mu[i * latents + d]! - centre[d]!) / sigma) ** 2;
      logWeight[i]! -= Math.log(sigma);
    }
    (squares <= offset ? singles : doubles).push(i);
  }
  const order = [...singles, ...doubles];
  const rows = (values: Float32Array): Float32Array => {
    const out = new Float32Array(values.length);
    order.forEach((i, at) => {
      out.set(values.subarray(i * latents, (i + 1) * latents), at * latents);
    });
    return out;
  };
  return {
    mu: rows(q.mu),
    sigma: rows(q.sigma),
    logWeight: Float64Array.from(order, (i) => logWeight[i]!),
    single: singles.length,
    centre,
  };
};

/** To float32: any point near the mean will do. */
const centreOf = ({ mu, n, latents }: Posteriors): Float32Array => {
  const mean = new Float64Array(latents);
  for (let i = 0; i < mu.length; i++) mean[i % latents]! += mu[i]! / n;
  return Float32Array.from(mean);
};
