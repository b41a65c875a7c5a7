/** Sums of the rate: its mean and error over rows, and each dimension's part. */
import { F, G } from '../../theory/index.js';

export interface RateSums {
  n: number;
  /** Mean over rows of KL(q_i ‖ N(0, I)), nats, and Σ_i (KL_i − mean)². */
  mean: number;
  second: number;
  /** Σ_i F(μ_id) + G(σ_id), nats: [D]. */
  readonly dimensions: Float64Array;
  /** Σ_i σ_id²: [D]. */
  readonly variances: Float64Array;
}

export const rateSums = (latents: number): RateSums => ({
  n: 0,
  mean: 0,
  second: 0,
  dimensions: new Float64Array(latents),
  variances: new Float64Array(latents),
});

/** Adds rows. Shapes: mu, sigma [rows, D]. Domain: σ > 0. */
export const addToRateSums = (into: RateSums, mu: Float32Array, sigma: Float32Array): void => {
  const latents = into.dimensions.length;
  const block = rateSums(latents);
  for (let start = 0; start < mu.length; start += latents) {
    let rate = 0;
    for (let d = 0; d < latents; d++) {
      const scale = sigma[start + d]!;
      const part = F.value(mu[start + d]!) + G.value(scale);
      rate += part;
      block.dimensions[d]! += part;
      block.variances[d]! += scale * scale;
    }
    block.n++;
    const delta = rate - block.mean;
    block.mean += delta / block.n;
    block.second += delta * (rate - block.mean);
  }
  mergeRateSums(into, block);
};

/** Joins the sums of other rows, in place: to 10⁻¹⁰ of one pass for any split (Chan, Golub & LeVeque 1983). */
export const mergeRateSums = (into: RateSums, other: RateSums): void => {
  if (other.n === 0) return;
  const n = into.n + other.n;
  const delta = other.mean - into.mean;
  into.second += other.second + delta * delta * into.n * (other.n / n);
  into.mean += delta * (other.n / n);
  into.n = n;
  for (let d = 0; d < into.dimensions.length; d++) {
    into.dimensions[d]! += other.dimensions[d]!;
    into.variances[d]! += other.variances[d]!;
  }
};
