/**
 * What a study leaves behind: the content of `study.json`. The report reads this and the files it names, nothing else.
 *
 * All information quantities are in nats per image: sums over latents and pixels, means over images.
 */
import type { CodesSummary, Histogram } from '../../latent/codes/index.js';
import type { NearestSamples } from '../../latent/evaluation/index.js';
import type { Part } from '../../vae/regimes/index.js';
import type {
  Binarisation,
  CurvePoint,
  Draws,
  Estimate,
  FinalValues,
  KlEstimator,
  RegimeName,
} from '../../vae/training/index.js';

export type { CodesSummary, CurvePoint, Estimate, FinalValues, Histogram, NearestSamples, Part };

export interface ImageGrid {
  /** Where z came from. */
  readonly z: 'prior' | 'encoder';
  /** PNG, path relative to the study folder. */
  readonly file: string;
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
}

export interface RunResult {
  /** Unique within the study, and the folder name: `joint-analytic-seed1`. */
  readonly name: string;
  readonly regime: RegimeName;
  readonly kl: KlEstimator;
  readonly seed: number;
  readonly preset: string;
  readonly latents: number;
  /** What this regime trains; what is missing here keeps its initial weights. */
  readonly trained: readonly Part[];
  readonly state: 'done' | 'interrupted' | 'failed';
  /** Why a run failed or stopped. */
  readonly error?: string;
  readonly epochs: number;
  readonly batch: number;
  /** Optimizer steps taken. */
  readonly steps: number;
  readonly parameters: number;
  /** Wall-clock seconds of the whole run, evaluation included. */
  readonly seconds: number;
  /** Median milliseconds per training step. */
  readonly msPerStep: number;
  /** Path relative to the study folder. */
  readonly folder: string;
  /** The last evaluation; absent when a run stopped before its first. */
  readonly final?: FinalValues;
  readonly curve: readonly CurvePoint[];
  readonly images: readonly ImageGrid[];
  /** The codes of the test set after training; those of random-z are N(0, I). Absent when the run stopped before its end. */
  readonly codes?: CodesSummary;
  /** Absent when the run stopped before its end, and where the decoder was not trained. */
  readonly nearest?: NearestSamples;
  /**
   * Codes of the first test images over training: a float32 .npy file [points of the curve, 2, images, latents], mu then
   * sigma; path relative to the study folder. Absent where z has nothing to do with x.
   */
  readonly probes?: { readonly file: string; readonly images: number };
}

/** One claim of the founding study, held against this study's own numbers. */
export interface Claim {
  readonly id: string;
  readonly claim: string;
  readonly measured: readonly {
    readonly name: string;
    readonly value: number;
    /** Half of the 95% interval: over seeds where there are several, over images or replicates otherwise. */
    readonly half?: number;
    readonly unit: string;
    readonly n?: number;
    /** What n counts: seeds, or what was measured in the one seed. */
    readonly of?: string;
  }[];
  readonly verdict: 'holds' | 'does not hold' | 'cannot tell';
  /** One line. */
  readonly why: string;
}

export interface DataDescription {
  readonly name: string;
  readonly train: number;
  readonly test: number;
  readonly width: number;
  readonly height: number;
  readonly binarisation: Binarisation;
  /** SHA-256 of the pixels, train then test. */
  readonly sha256: string;
  readonly source: string;
}

/** The finite-sample value of true N(0, I) draws on the moment-matched scale. */
export interface NoiseFloor {
  readonly latents: number;
  /** Draws in each batch; equals the batch of the runs' momentKlDraws. */
  readonly batch: number;
  readonly momentKlDraws: Estimate;
}

export interface Study {
  readonly schema: 1;
  readonly kind: 'article';
  readonly state: 'done' | 'interrupted' | 'failed';
  readonly preset: string;
  readonly epochs: number;
  readonly seeds: readonly number[];
  /** Whether each epoch had draws of its own. */
  readonly draws: Draws;
  readonly data: DataDescription;
  readonly floor: NoiseFloor;
  readonly runs: readonly RunResult[];
  readonly claims: readonly Claim[];
  /** First sentence of the report: what was found, with numbers. */
  readonly verdict: string;
  /** The command line that makes this study again. */
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly seconds: number;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly platform: string;
  };
  readonly versions: Readonly<Record<string, string>>;
}
