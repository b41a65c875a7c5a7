import { ShapeError } from '../../engine/errors/index.js';
import type { Density } from '../audit/codes.js';
import { logPrior } from '../audit/decomposition/logPrior.js';
import type { ScoredDraws } from './scoredDraws.js';

/** ln w of every draw, under a density over z and under N(0, I). Shapes: [n K] nats. */
export interface LogWeights {
  readonly underDensity: Float64Array;
  readonly underPrior: Float64Array;
}

/**
 * Importance weights of posterior draws.
 *
 *   ln w = ln p(x_i | z) + ln q̂(z) − ln q_i(z),  z ~ q_i
 *
 * Throws: ShapeError when the density gives another number of values than there are draws, RangeError for a value that is
 * not finite.
 */
export const logWeights = async (draws: ScoredDraws, density: Density): Promise<LogWeights> => {
  const logDensity = await density.logProb(draws.z);
  const rows = draws.score.length;
  if (logDensity.length !== rows) {
    throw new ShapeError(`${density.name}: expected ${rows} log-densities, got ${logDensity.length}`);
  }
  const bad = logDensity.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(`${density.name}: expected finite log-densities, got ${logDensity[bad]} in row ${bad}`);
  }
  const prior = logPrior(draws.z, draws.latents);
  const rest = draws.score.map((score, s) => score - draws.logPosterior[s]!);
  return {
    underDensity: rest.map((value, s) => value + logDensity[s]!),
    underPrior: rest.map((value, s) => value + prior[s]!),
  };
};

/** Paired differences. Shapes: [n], [n] -> [n]. */
export const differences = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]!);
