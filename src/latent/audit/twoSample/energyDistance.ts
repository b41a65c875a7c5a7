import type { Draws } from '../codes.js';
import type { Measured } from '../result.js';
import { type KernelFor, kernelTest } from './kernelTest.js';
import type { TestOptions } from './options.js';

export const energyKernel: KernelFor = () => ({
  kernel: (squaredDistance) => -Math.sqrt(squaredDistance),
  by: 'kernel −|a − b|',
});

/**
 * Energy distance of z and N(0, I), unbiased (so it may be below 0); no scale to choose.
 *
 *   E = 2 E|z − p| − E|z − z′| − E|p − p′|
 *
 * At most 750 codes, by seed, and as many prior draws.
 *
 * Shapes: z [N, D]. Units: of z.
 * Throws: InputError for fewer than 10 codes.
 * Source: Székely & Rizzo 2013, Energy statistics, J. Stat. Plan. Inference 143; as a kernel distance: Sejdinovic et al.
 *         2013, arXiv:1207.6076.
 */
export const energyDistance = (z: Draws, options: TestOptions): Measured =>
  kernelTest('energyDistance', z, options, 'units', energyKernel);
