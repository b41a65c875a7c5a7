import type { Draws } from '../codes.js';
import type { Measured } from '../result.js';
import { type KernelFor, kernelTest } from './kernelTest.js';
import type { TestOptions } from './options.js';

/** Rows of each sample whose pairwise distances give the scale. */
const SCALE_ROWS = 100;

/** Median squared distance among the first rows of both samples together: the same whichever of a pair is whose. */
export const medianSquaredDistance = (x: Draws, y: Draws): number => {
  const { latents } = x;
  const rows: Float32Array[] = [];
  for (let i = 0; i < Math.min(x.n, SCALE_ROWS); i++) {
    for (const { z } of [x, y]) rows.push(z.subarray(i * latents, (i + 1) * latents));
  }
  const distances = new Float64Array((rows.length * (rows.length - 1)) / 2);
  let t = 0;
  rows.forEach((a, i) => {
    for (let j = 0; j < i; j++, t++) for (let d = 0; d < latents; d++) distances[t]! += (a[d]! - rows[j]![d]!) ** 2;
  });
  return distances.sort()[distances.length >> 1]!;
};

/**
 * k(d²) = Σ_c exp(−d² / (2 c² ℓ²)), c ∈ {½, 1, 2}: one exponential, squared twice for each smaller scale.
 *
 * Shapes: scalar. Domain: squaredScale = ℓ² > 0.
 */
export const gaussianKernel = (squaredScale: number) => (squaredDistance: number) => {
  const wide = Math.exp(-squaredDistance / (8 * squaredScale));
  const middle = wide * wide * (wide * wide);
  return wide + middle + middle * middle * (middle * middle);
};

export const mmdKernel: KernelFor = (x, y) => {
  const squaredScale = medianSquaredDistance(x, y);
  return {
    kernel: gaussianKernel(squaredScale),
    by: `Gaussian kernels of scale ${Math.sqrt(squaredScale).toPrecision(3)} (median distance) × ½, 1, 2`,
  };
};

/**
 * Squared maximum mean discrepancy of z and N(0, I), the sum over three Gaussian kernels, unbiased (so it may be below 0).
 *
 *   MMD² = E k(z, z′) + E k(p, p′) − 2 E k(z, p),  k(a, b) = Σ_{c ∈ {½,1,2}} exp(−|a − b|² / (2 c² ℓ²))
 *
 * ℓ is the median distance of the rows of both samples. At most 750 codes, by seed, and as many prior draws.
 *
 * Shapes: z [N, D]. Units: of the kernel, whose largest value is 3.
 * Throws: InputError for fewer than 10 codes.
 * Source: Gretton et al. 2012, A kernel two-sample test, JMLR 13.
 */
export const mmd = (z: Draws, options: TestOptions): Measured => kernelTest('mmd', z, options, 'kernel', mmdKernel);
