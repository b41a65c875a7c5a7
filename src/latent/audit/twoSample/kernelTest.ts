import type { Draws } from '../codes.js';
import { floorOf, REPLICATES, rankPValue, summarizeFloor } from '../noiseFloor/floor.js';
import type { Measured } from '../result.js';
import { exchanged, exchangeFloor, type Kernel, pairedStatistic } from './exchange.js';
import { codesUsed, priorDraws, requireRows, rowsBySeed, type TestOptions } from './options.js';

/** Codes, and as many prior draws: the pairs of rows grow with its square. */
export const KERNEL_ROWS = 750;

/** A kernel for two samples: it must not change when x_i and y_i change places. */
export type KernelFor = (x: Draws, y: Draws) => { readonly kernel: Kernel; readonly by: string };

/**
 * The unbiased squared kernel distance between z and as many prior draws, its p-value by exchanges of rows between the
 * two, and its floor. At most 750 codes, by seed.
 *
 * Shapes: z [N, D].
 * Throws: InputError for fewer than 10 codes.
 */
export const kernelTest = (
  statistic: 'mmd' | 'energyDistance',
  z: Draws,
  { seed, floors }: TestOptions,
  unit: string,
  kernelFor: KernelFor,
): Measured => {
  requireRows(statistic, z, 10);
  const codes = rowsBySeed(z, KERNEL_ROWS, seed, statistic);
  const prior = priorDraws(codes.n, z.latents, seed, `${statistic}/prior`);
  const { kernel, by } = kernelFor(codes, prior);
  const paired = pairedStatistic(codes, prior, kernel);
  const floor = floorOf(statistic, codes.n, z.latents, floors, (k) =>
    exchangeFloor(k, (x, y) => kernelFor(x, y).kernel),
  );
  return {
    value: paired.value,
    se: paired.se,
    n: codes.n,
    seed,
    unit,
    pValue: rankPValue(paired.value, exchanged(paired, REPLICATES, seed, statistic)),
    floor: summarizeFloor(floor),
    by: `${codesUsed(codes.n, z.n)} and as many prior draws; ${by}; ${REPLICATES} exchanges`,
  };
};
