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

/** Decoded draws held against as many held-out images, over the features of the study's extractor. */
export interface ImageEstimates {
  /** Squared Fréchet distance, in the features' own units. */
  readonly frechet: Estimate;
  readonly kernelDistance: Estimate;
  readonly precision: Estimate;
  readonly recall: Estimate;
  readonly density: Estimate;
  readonly coverage: Estimate;
}

/** What z of one source is worth. Images are absent where the decoder was not trained, or held-out images are too few. */
export interface ControlEstimates {
  readonly images?: ImageEstimates;
  /** Share of draws that look less like a code than all but 1% of held-out codes. */
  readonly holeMass?: Estimate;
}

/** A distribution that was fitted to training codes. */
export interface FittedControl extends ControlEstimates {
  /** As a reader meets it: `mixture of 40 full Gaussians`. */
  readonly name: string;
  /** As `zdist repair --samplers` takes it. */
  readonly family: string;
  /** Mean ln q̂(z) of held-out codes, nats. */
  readonly heldOutLogQ: Estimate;
  /** Mean ln q̂(z) − ln p(z) of held-out codes: nats of ELBO over N(0, I). */
  readonly gain: Estimate;
}

/** One model whose z is drawn in three ways: from posteriors of held-out images, from a fitted q̂, from N(0, I). */
export interface Controls {
  /** Training codes that were fitted to. */
  readonly fittedTo: number;
  /** Held-out codes and images, and draws of each source. */
  readonly draws: number;
  readonly posterior: Pick<ControlEstimates, 'images'>;
  readonly prior: ControlEstimates;
  /** Absent where nothing was fitted, or nothing fitted describes held-out codes better than N(0, I). */
  readonly fitted?: FittedControl;
  /** Why this sampler, or why none. */
  readonly why: string;
  /** By how much the Fréchet distance is below that of N(0, I); paired. */
  readonly nearer?: { readonly posterior: Estimate; readonly fitted?: Estimate };
  /** Of the excess of N(0, I) over real images, by what explains it; they add up to 1. Only with a fitted q̂. */
  readonly shares?: { readonly decoder: Estimate; readonly hole: Estimate; readonly fit: Estimate };
}

/** What images of all runs are compared over: trained once a study, by its first seed. */
export interface StudyExtractor {
  /** ONNX, path relative to the study folder. */
  readonly file: string;
  readonly name: string;
  /** What its Fréchet distance is called. */
  readonly distance: string;
  readonly hash: string;
  /** Of a classifier, on test images. */
  readonly accuracy?: Estimate;
}

export interface ImageGrid {
  /** Where z came from. */
  readonly z: 'prior' | 'fitted' | 'encoder';
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
  /** Absent when the run stopped before its end, or held-out codes are too few. */
  readonly controls?: Controls;
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
  /** Absent where no decoder was trained. */
  readonly extractor?: StudyExtractor;
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
