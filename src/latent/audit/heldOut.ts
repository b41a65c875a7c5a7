import type { Runtime } from '../../engine/runtime/index.js';
import { FEW } from './checkCodes.js';
import type { Density, Draws } from './codes.js';
import { logPrior } from './decomposition/logPrior.js';
import { fitDensities, type TriedDensity, tryDensities } from './densities.js';
import { codesForQuantile, type Holes, holeMass } from './holes.js';
import { mixtureDensity } from './mixture/index.js';
import { momentsOf } from './moments.js';
import type { Prepared } from './prepare.js';
import type { Statistic } from './result.js';
import { priorDraws } from './split.js';
import type { StageName } from './stages.js';
import { count } from './wording.js';

/** Prior draws that holes are looked for among. */
const PRIOR_DRAWS = 10_000;

/** What held-out codes tell of densities fitted to the others. */
export interface HeldOut {
  readonly marginalKlHeldOut: Statistic;
  readonly holeMass: Statistic;
  /** The best first; none where codes are too few. */
  readonly tried: readonly TriedDensity[];
  readonly prior: Draws;
  readonly holes?: Holes;
  /** r(z) of held-out codes and of the prior draws. */
  readonly ratio?: { readonly codes: Float64Array; readonly prior: Float64Array };
}

export interface HeldOutOptions {
  readonly alpha: number;
  readonly seed: number;
  readonly runtime: Runtime;
  readonly progress: (stage: StageName, share?: number) => void;
}

/** A density that computes once what it is asked twice: its gain and its holes are both of the held-out codes. */
const remembering = (density: Density): Density => {
  const known = new Map<Float32Array, Float64Array>();
  return {
    name: density.name,
    logProb: async (z) => {
      const values = known.get(z) ?? (await density.logProb(z));
      known.set(z, values);
      return values;
    },
  };
};

const ratioOf = async (density: Density, { z, latents }: Draws): Promise<Float64Array> => {
  const prior = logPrior(z, latents);
  return Float64Array.from(await density.logProb(z), (value, s) => value - prior[s]!);
};

/**
 * The lower bound on KL(q(z) ‖ p(z)) and the hole mass: densities are fitted to training codes and held against codes
 * that were held out. Holes are those of the aggregate posterior; from draws alone, those of the density that describes
 * held-out codes best.
 */
export const measureHeldOut = async (codes: Prepared, options: HeldOutOptions): Promise<HeldOut> => {
  const { fitted, fittedDraws, heldOut } = codes;
  const prior = priorDraws(PRIOR_DRAWS, fitted.latents, options.seed);
  const least = Math.min(codes.all.n, fitted.n * 2, heldOut.n * 2);
  if (least < FEW) {
    const unavailable = `needs at least ${FEW} codes, and as many held-out ones or half of them, got ${fitted.n} and ${heldOut.n}`;
    return { marginalKlHeldOut: { unavailable }, holeMass: { unavailable }, tried: [], prior };
  }
  const { runtime, seed, progress } = options;
  progress('fitting densities');
  const densities = await fitDensities(momentsOf(fitted), fittedDraws, {
    seed,
    runtime,
    onProgress: (share) => progress('fitting densities', share),
  });
  const aggregate = 'mu' in fitted ? await mixtureDensity(fitted, runtime) : undefined;
  try {
    progress('held-out codes');
    const all = (aggregate ? [...densities, aggregate] : densities).map(remembering);
    const tried = await tryDensities(all, heldOut);
    progress('looking for holes');
    const best = tried[0]!;
    // The aggregate posterior, where there is one, is the last of them.
    const found = await findHoles(aggregate ? all.at(-1)! : best.density, heldOut, prior, options);
    return { marginalKlHeldOut: best.gain, tried, prior, ...found };
  } finally {
    await aggregate?.release();
  }
};

const findHoles = async (
  density: Density,
  heldOut: Draws,
  prior: Draws,
  { alpha, seed }: HeldOutOptions,
): Promise<Pick<HeldOut, 'holeMass' | 'holes' | 'ratio'>> => {
  const least = codesForQuantile(alpha);
  if (heldOut.n < least) {
    const unavailable = `needs at least ${count(least, 'held-out code')} for a share of ${alpha}, got ${heldOut.n}`;
    return { holeMass: { unavailable } };
  }
  const ratio = { codes: await ratioOf(density, heldOut), prior: await ratioOf(density, prior) };
  const holes = holeMass(ratio.codes, ratio.prior, { alpha, seed, by: density.name });
  return { holeMass: holes.mass, holes, ratio };
};
