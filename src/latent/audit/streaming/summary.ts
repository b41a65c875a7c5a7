/** What is kept of the rows of a part of the codes: parts that are joined in any order say what one pass would. */
import { ShapeError } from '../../../engine/errors/index.js';
import type { Runtime } from '../../../engine/runtime/index.js';
import { type CoMoments, coMomentAdder, coMoments, mergeCoMoments } from './coMoments.js';
import { addToExtremes, type Extremes, extremes, mergeExtremes } from './extremes.js';
import { type FourierSums, fourierAdder, fourierSums, mergeFourierSums } from './fourierSums.js';
import { addToMomentSums, type MomentSums, mergeMomentSums, momentSums } from './momentSums.js';
import { addToSketch, mergeSketches, type QuantileSketch, quantileSketch } from './quantileSketch.js';
import { addToRateSums, mergeRateSums, type RateSums, rateSums } from './rateSums.js';
import { addToReservoir, mergeReservoirs, type Reservoir, reservoir, sortReservoir } from './reservoir.js';
import { rowKeys, rowNoise } from './rowStreams.js';

/** What two summaries must have in common to be joined. */
export interface SummarySettings {
  /** Of the rows in the reservoir, the noise of draws and the random frequencies. */
  readonly seed: number;
  readonly latents: number;
  /** Whether codes are mu and sigma; else draws z. */
  readonly posteriors: boolean;
  /** Held-out codes are sampled; only of training codes all is measured. */
  readonly part: 'train' | 'test';
}

/** What is measured of all training codes. */
export interface TrainSums {
  /** Of μ, or of z where there are draws alone. */
  readonly coMoments: CoMoments;
  /** Of z: for posteriors one draw of each. */
  readonly draws: MomentSums;
  readonly quantiles: QuantileSketch;
  /** Of ‖z‖². */
  readonly radii: QuantileSketch;
  readonly fourier: FourierSums;
  /** Of μ and σ. */
  readonly posteriors?: { readonly means: MomentSums; readonly rate: RateSums };
}

export interface StreamSummary {
  readonly settings: SummarySettings;
  /** Rows that are in it, [first, after the last], ascending and apart. */
  readonly rows: (readonly [number, number])[];
  /** Of μ or z, and of σ. */
  readonly centres: Extremes;
  readonly scales?: Extremes;
  /** Rows of [μ, σ] or [z]. */
  readonly sample: Reservoir;
  readonly sums?: TrainSums;
}

/** A block of codes. Shapes: [rows, D]. */
export type CodesBlock = { readonly z: Float32Array } | { readonly mu: Float32Array; readonly sigma: Float32Array };

/** Rows in the sample: no more than these, and no more values of z than those. */
const SAMPLED = { train: 40_000, test: 10_000 } as const;
const SAMPLED_VALUES = 2 ** 22;
/** Buckets to a doubling: of z, where the widest has 2.4·10⁻⁴ of N(0, 1); of ‖z‖². */
const BITS = { z: 10, radius: 14 } as const;

const trainSums = (latents: number, posteriors: boolean): TrainSums => ({
  coMoments: coMoments(latents),
  draws: momentSums(latents, 4),
  quantiles: quantileSketch(latents, BITS.z),
  radii: quantileSketch(1, BITS.radius),
  fourier: fourierSums(),
  ...(posteriors && { posteriors: { means: momentSums(latents, 4), rate: rateSums(latents) } }),
});

export const emptySummary = (settings: SummarySettings): StreamSummary => {
  const { latents, posteriors, part } = settings;
  const most = Math.max(1, Math.min(SAMPLED[part], Math.floor(SAMPLED_VALUES / latents)));
  return {
    settings,
    rows: [],
    centres: extremes(latents),
    ...(posteriors && { scales: extremes(latents) }),
    sample: reservoir(most, posteriors ? 2 * latents : latents),
    ...(part === 'train' && { sums: trainSums(latents, posteriors) }),
  };
};

/** Rows of all ranges. */
export const rowCount = ({ rows }: Pick<StreamSummary, 'rows'>): number =>
  rows.reduce((sum, [from, to]) => sum + to - from, 0);

/**
 * Adds a range to ranges, joined where it touches one.
 *
 * Throws: RangeError where it shares rows with one of them.
 */
const addRange = (rows: (readonly [number, number])[], added: readonly [number, number]): void => {
  rows.push(added);
  rows.sort((a, b) => a[0] - b[0]);
  for (let i = rows.length - 1; i > 0; i--) {
    const [before, range] = [rows[i - 1]!, rows[i]!];
    if (before[1] > range[0]) throw new RangeError(`summary: expected each row once, got row ${range[0]} twice`);
    if (before[1] === range[0]) rows.splice(i - 1, 2, [before[0], range[1]]);
  }
};

/** Joins the summary of other rows, in place; its sample is left unsorted. */
const mergeSummaries = (into: StreamSummary, other: StreamSummary): void => {
  for (const range of other.rows) addRange(into.rows, range);
  mergeExtremes(into.centres, other.centres);
  if (into.scales && other.scales) mergeExtremes(into.scales, other.scales);
  mergeReservoirs(into.sample, other.sample);
  if (!into.sums || !other.sums) return;
  mergeCoMoments(into.sums.coMoments, other.sums.coMoments);
  mergeMomentSums(into.sums.draws, other.sums.draws);
  mergeSketches(into.sums.quantiles, other.sums.quantiles);
  mergeSketches(into.sums.radii, other.sums.radii);
  mergeFourierSums(into.sums.fourier, other.sums.fourier);
  if (!into.sums.posteriors || !other.sums.posteriors) return;
  mergeMomentSums(into.sums.posteriors.means, other.sums.posteriors.means);
  mergeRateSums(into.sums.posteriors.rate, other.sums.posteriors.rate);
};

/**
 * The summary of all rows of the parts: counts, extremes, quantile buckets and the sample exactly as in one pass, moments
 * and rate to 10⁻¹⁰, Fourier sums to 10⁻⁹, whatever the split and the order.
 *
 * Domain: parts of these settings. Throws: RangeError where two parts have a row.
 */
export const joinSummaries = (settings: SummarySettings, parts: readonly StreamSummary[]): StreamSummary => {
  const whole = emptySummary(settings);
  for (const part of parts) mergeSummaries(whole, part);
  sortReservoir(whole.sample);
  return whole;
};

/** Whether every value so far is a finite number, and every σ above 0. */
export const isRight = ({ centres, scales }: StreamSummary): boolean => centres.wrong + (scales?.wrong ?? 0) === 0;

/** Takes blocks of rows into a summary. */
export interface Summarizer {
  /**
   * Adds rows, the first of them row `from` of all. After a wrong value only wrong values are counted.
   *
   * Throws: ShapeError where the block is not of the settings.
   */
  add(block: CodesBlock, from: number): Promise<void>;
  /** The summary, its sample in the order of its keys: a beginning of it is a smaller sample. */
  finish(): StreamSummary;
  release(): Promise<void>;
}

export const summarizer = async (settings: SummarySettings, runtime: Runtime): Promise<Summarizer> => {
  const { seed, latents, part } = settings;
  const summary = emptySummary(settings);
  const { centres, scales, sample, sums } = summary;
  const keysOf = rowKeys(seed);
  const noiseOf = rowNoise(seed, latents);
  const moments = part === 'train' ? await coMomentAdder(latents, runtime) : undefined;
  const fourier = part === 'train' ? await fourierAdder(latents, seed, runtime) : undefined;
  let [keys, noise, squares] = [new Float64Array(0), new Float32Array(0), new Float32Array(0)];

  /** One draw of each posterior, in a buffer that is used again. */
  const drawsOf = (block: CodesBlock, from: number): Float32Array => {
    if ('z' in block) return block.z;
    const { mu, sigma } = block;
    if (noise.length !== mu.length) noise = new Float32Array(mu.length);
    noiseOf(noise, from);
    for (let i = 0; i < mu.length; i++) noise[i] = mu[i]! + sigma[i]! * noise[i]!;
    return noise;
  };

  const radiiOf = (z: Float32Array): Float32Array => {
    if (squares.length !== z.length / latents) squares = new Float32Array(z.length / latents);
    for (let row = 0; row < squares.length; row++) {
      let sum = 0;
      for (let i = row * latents; i < (row + 1) * latents; i++) sum += z[i]! * z[i]!;
      squares[row] = sum;
    }
    return squares;
  };

  const addSums = async (into: TrainSums, block: CodesBlock, from: number): Promise<void> => {
    const z = drawsOf(block, from);
    await moments!.add(into.coMoments, 'mu' in block ? block.mu : z);
    addToMomentSums(into.draws, z);
    addToSketch(into.quantiles, z);
    addToSketch(into.radii, radiiOf(z));
    await fourier!.add(into.fourier, z);
    if (!into.posteriors || !('mu' in block)) return;
    addToMomentSums(into.posteriors.means, block.mu);
    addToRateSums(into.posteriors.rate, block.mu, block.sigma);
  };

  return {
    add: async (block, from) => {
      const values = 'mu' in block ? block.mu : block.z;
      const rows = values.length / latents;
      if (!Number.isInteger(rows) || ('mu' in block && block.sigma.length !== values.length)) {
        throw new ShapeError(`summary: expected rows of ${latents} values, got ${values.length} values`);
      }
      if ('mu' in block !== settings.posteriors) {
        throw new ShapeError(`summary: expected ${settings.posteriors ? 'mu and sigma' : 'z'}, got the other`);
      }
      if (rows === 0) return;
      addToExtremes(centres, values, from);
      if (scales && 'mu' in block) addToExtremes(scales, block.sigma, from, 0);
      addRange(summary.rows, [from, from + rows]);
      if (!isRight(summary)) return;
      if (keys.length !== rows) keys = new Float64Array(rows);
      keysOf(keys, from);
      const columns = 'mu' in block ? [block.mu, block.sigma] : [block.z];
      const parts = columns.map((column) => ({ values: column, width: latents }));
      addToReservoir(sample, parts, keys, from);
      if (sums) await addSums(sums, block, from);
    },
    finish: () => {
      sortReservoir(sample);
      return summary;
    },
    release: async () => {
      await moments?.release();
      await fourier?.release();
    },
  };
};
