/** What a repair finds: the content of `repair.json`. Information in nats; intervals are 95%. */
import type { CodeSet, Measured } from '../audit/result.js';
import type { Attribution, ExtractorFacts, IwaeUnder, Memorisation } from '../evaluation/index.js';

/** Decoded draws against held-out images, over the features of an extractor. */
export interface ImageMeasures {
  readonly frechet: Measured;
  readonly kernelDistance: Measured;
  readonly precision: Measured;
  readonly recall: Measured;
  readonly density: Measured;
  readonly coverage: Measured;
}

/** What a sampler is worth. What could not be measured is absent. */
export interface SamplerMeasures extends Partial<ImageMeasures> {
  /** Mean log-density of held-out codes, nats: by this samplers are chosen. */
  readonly heldOutLogQ?: Measured;
  /** Bound on log p(x) of test images when z is drawn from the sampler; of Bernoulli decoders on binary images. */
  readonly elbo?: Measured;
  /** Over N(0, I), nats, paired over images. */
  readonly elboGain?: Measured;
  /** The importance-weighted bound of K draws, of some test images by the seed; its `n` says of how many. */
  readonly iwae?: IwaeUnder;
  /** Share of draws that look less like a code than all but a share α of held-out codes. */
  readonly holeMass?: Measured;
  /** Accuracy of a classifier of draws and held-out codes, on halves it has not seen; ½ is guessing. */
  readonly c2st?: Measured;
  /** Whether draws lie nearer to training codes than held-out codes do. */
  readonly memorisation?: Memorisation;
}

export interface SamplerResult extends SamplerMeasures {
  /** As a reader meets it: `mixture of 40 full Gaussians`. */
  readonly name: string;
  readonly family: string;
  /** Draws are training codes again, or lie around single ones of them. */
  readonly replays: boolean;
  readonly facts: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** Fit and measures. */
  readonly seconds: number;
}

/** A family that gave no sampler, and why. */
export interface LeftOut {
  readonly family: string;
  readonly why: string;
}

/**
 * collapsed  z carries next to nothing: there is nothing to gain, and nothing was fitted
 * matched    no sampler describes held-out codes better than N(0, I)
 * repaired   a better one was found, and its draws pass for codes
 * improved   a better one was found, but its draws can still be told from codes
 * undecided  N(0, I) had no other sampler with a density beside it: it ended before, or none was asked for
 */
export type RepairVerdict = 'collapsed' | 'matched' | 'repaired' | 'improved' | 'undecided';

export interface RepairResult {
  readonly schema: 1;
  readonly kind: 'repair';
  /** Family of the sampler that was chosen. */
  readonly chosen: string;
  readonly verdict: RepairVerdict;
  /** What it comes to, in one sentence. */
  readonly summary: string;
  /** Whether a classifier cannot tell the chosen sampler's draws from held-out codes and its hole mass is at most 2α. */
  readonly certified: boolean;
  /** Why this sampler, and why certified or not. */
  readonly why: string;
  /** N(0, I) first, then the others from simple to complex. */
  readonly samplers: readonly SamplerResult[];
  readonly leftOut: readonly LeftOut[];
  /** The decoder fed with codes of held-out images: what no sampler of z can be expected to pass. */
  readonly posterior?: ImageMeasures;
  /** What made prior samples bad, by decoded controls. */
  readonly attribution?: Attribution;
  /** Whether decoded draws of the chosen sampler lie nearer to training images than decoded held-out codes do. */
  readonly imageMemorisation?: Memorisation;
  readonly extractor?: ExtractorFacts;
  /** Mean KL(q_i ‖ N(0, I)), nats. */
  readonly rate?: Measured;
  readonly activeUnits?: Measured;
  readonly codes: { readonly train: CodeSet; readonly test: CodeSet; readonly latents: number };
  /** Draws of each sampler that were measured. */
  readonly draws: number;
  readonly alpha: number;
  readonly seed: number;
  /** SHA-256 of what was repaired, by what it is of; in files. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Why it ended before every family had its turn. */
  readonly ended?: 'interrupted' | 'out of budget';
  readonly notes: readonly string[];
  /** The command line that gives the same numbers again, where there is one. */
  readonly command?: string;
  readonly seconds: number;
  readonly versions: Readonly<Record<string, string>>;
}
