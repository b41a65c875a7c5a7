/** What `zdist audit --only moments` says: mean and deviation of every dimension, in one read of the files. */
import { InputError } from '../../engine/errors/index.js';
import { gaussianKlOf, wrongValueProblem } from '../../latent/audit/index.js';
import { addToExtremes, extremes } from '../../latent/audit/streaming/index.js';
import { integer, short } from '../../latent/numbers/index.js';
import type { RowSource } from '../../vae/data/arrays/index.js';
import { type CodeRequest, openCodes } from '../codes/index.js';
import { columns } from '../commands/table.js';
import { momentsOfCodes, type StreamOptions } from './streaming/index.js';

/** Moments of q(z) in one dimension; by the law of total variance where posteriors are known. */
export interface DimensionMoments {
  readonly dimension: number;
  readonly mean: number;
  /** √(Var μ + mean σ²), or √Var z: divided by N. */
  readonly sd: number;
  /** Of posteriors: √Var μ, and √(mean σ²). */
  readonly sdOfMeans?: number;
  readonly meanScale?: number;
  /** KL(N(mean, sd²) ‖ N(0, 1)), nats; null where the dimension is constant, as it is then infinite. */
  readonly kl: number | null;
}

export interface MomentsAlone {
  readonly n: number;
  readonly latents: number;
  readonly source: string;
  /** What multiplies codes so that the variance of all their values together is 1; null where all values are the same. */
  readonly scalingFactor: number | null;
  readonly dimensions: readonly DimensionMoments[];
}

/** Values of a block that is searched. */
const SEARCHED = 2 ** 18;

/** Looks for what made a sum no number. Throws: InputError with its row and column. */
const refuseWrong = async (rows: RowSource, name: string): Promise<never> => {
  const found = extremes(rows.width);
  for await (const block of rows.blocks({ atOnce: Math.max(1, Math.floor(SEARCHED / rows.width)) })) {
    addToExtremes(found, block, found.n);
  }
  const { first, wrong } = found;
  if (first === undefined) throw new Error(`internal: ${name}: finite numbers whose sum is none`);
  throw new InputError(wrongValueProblem(name, 'finite numbers', { ...first, total: wrong }));
};

/**
 * Means and deviations of the training codes of a request; nothing else is computed.
 *
 * Throws: InputError as openCodes does, and for values that are not finite, with row and column.
 */
export const momentsAlone = async (request: CodeRequest, options: StreamOptions): Promise<MomentsAlone> => {
  const { cwd, seed, threads, onProgress } = options;
  const codes = await openCodes(cwd, request);
  try {
    const { train, names, sources } = codes;
    const { n, latents } = train;
    const settings = { seed, latents, posteriors: 'mu' in train, part: 'train' as const };
    const { centres, scales } = await momentsOfCodes({ cwd, request, settings, range: [0, n], threads, onProgress });
    const arrays = 'mu' in train ? { mu: train.mu, sigma: train.sigma } : { z: train.z };
    for (const [array, rows] of Object.entries(arrays)) {
      const { second } = array === 'sigma' ? scales! : centres;
      if (!second.every(Number.isFinite)) await refuseWrong(rows, names[array] ?? array);
    }
    const meanSquare = (d: number): number => (scales ? scales.second[d]! / n + scales.mean[d]! ** 2 : 0);
    const dimensions = Array.from(centres.mean, (mean, dimension): DimensionMoments => {
      const [between, within] = [centres.second[dimension]! / n, meanSquare(dimension)];
      const variance = between + within;
      return {
        dimension,
        mean,
        sd: Math.sqrt(variance),
        ...(scales && { sdOfMeans: Math.sqrt(between), meanScale: Math.sqrt(within) }),
        kl: variance > 0 ? gaussianKlOf([mean], [variance]) : null,
      };
    });
    return { n, latents, source: sources.train, scalingFactor: scalingFactorOf(dimensions), dimensions };
  } finally {
    await codes.close();
  }
};

/** 1/√(mean over dimensions of sd² + (mean − overall mean)²): the deviation of all values together. */
const scalingFactorOf = (dimensions: readonly DimensionMoments[]): number | null => {
  const overall = dimensions.reduce((sum, { mean }) => sum + mean, 0) / dimensions.length;
  const variance = dimensions.reduce((sum, { mean, sd }) => sum + sd ** 2 + (mean - overall) ** 2, 0);
  return variance > 0 ? Math.sqrt(dimensions.length / variance) : null;
};

/** A table of dimensions for the terminal. */
export const momentsTable = ({ n, latents, source, scalingFactor, dimensions }: MomentsAlone): string => {
  const posteriors = dimensions[0]!.sdOfMeans !== undefined;
  const head = ['dimension', 'mean', 'sd', ...(posteriors ? ['sd of mu', 'rms sigma'] : []), 'KL, nats'];
  const rows = dimensions.map(({ dimension, mean, sd, sdOfMeans, meanScale, kl }) => [
    String(dimension),
    ...[mean, sd, ...(posteriors ? [sdOfMeans!, meanScale!] : [])].map(short),
    kl === null ? 'infinite' : short(kl),
  ]);
  const total = dimensions.reduce((sum, { kl }) => sum + (kl ?? Number.POSITIVE_INFINITY), 0);
  const facts = [
    `${integer(n)} codes, ${latents} latents, of ${source}`,
    `KL of the dimensions' Gaussians to N(0, 1), summed: ${total === Number.POSITIVE_INFINITY ? 'infinite' : `${short(total)} nats`}`,
    ...(scalingFactor === null ? [] : [`scaling factor 1/sd of all values: ${short(scalingFactor)}`]),
  ];
  return `${columns([head, ...rows])}\n${facts.join('\n')}\n`;
};
