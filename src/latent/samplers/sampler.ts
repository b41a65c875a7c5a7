import type { Tensor } from '../../engine/graph/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import type { Measured } from '../audit/result.js';

/** What samplers are fitted to: the posteriors of training images. Draws z ~ q_i are taken from them by seed. */
export interface TrainingCodes {
  /** [N, D], row-major. */
  readonly mu: Float32Array;
  /** [N, D], standard deviations; zeros where the codes are draws and no posterior is known. */
  readonly sigma: Float32Array;
  readonly n: number;
  readonly latents: number;
  /** [N], one class a code. */
  readonly labels?: ArrayLike<number>;
}

/** Plain values: JSON beside arrays, as a sampler is kept in a file. */
export interface SavedSampler {
  readonly family: string;
  readonly latents: number;
  readonly settings: Readonly<Record<string, number | string | readonly number[]>>;
  readonly arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>;
}

/**
 * A distribution over z to draw from. Every sampler is a function of standard normal noise, written as a graph: what it
 * draws here, what its ONNX file draws, and what the generator draws are the same numbers.
 */
export interface Sampler {
  /** As a reader meets it: `mixture of 40 full Gaussians`. */
  readonly name: string;
  readonly family: string;
  readonly latents: number;
  /** Standard normal values that one draw takes, d. */
  readonly noise: number;
  /** z of its noise. Shapes: [n, d] -> [n, D]. */
  toGraph(noise: Tensor): Tensor;
  /** Normalised log-density; absent where there is none. Shapes: z [S, D] -> [S] nats. */
  logProb?(z: Float32Array): Promise<Float64Array>;
  /** Whether its draws are training codes again, or lie around single ones of them. */
  readonly replays: boolean;
  /** What was done to make the fit possible, in words: a covariance that had to be regularised. */
  readonly notes: readonly string[];
  /** Numbers that say how it was fitted: components, iterations, steps. */
  readonly facts: Readonly<Record<string, number>>;
  save(): SavedSampler;
}

export interface FitOptions {
  readonly seed: number;
  readonly runtime: Runtime;
  /** Codes of images that were not trained on, to stop by and to choose sizes by; a share of the training codes otherwise. */
  readonly heldOut?: TrainingCodes;
  /** Share done of this fit, 0 … 1; throws to interrupt. */
  readonly onProgress?: (share: number) => void;
  /** Milliseconds of a steady clock, and when to end with what there is. */
  readonly deadline?: { readonly now: () => number; readonly at: number };
}

/** One family of samplers: how it is fitted and how it comes back from a file. */
export interface SamplerFamily {
  /** As users name it: `mixture`. */
  readonly name: string;
  /** 0 is the simplest: of two samplers that are as good, the simpler one is chosen. */
  readonly complexity: number;
  /** Throws: InputError when the codes are too few for it. */
  fit(codes: TrainingCodes, options: FitOptions): Promise<Sampler>;
  load(saved: SavedSampler, runtime: Runtime): Sampler;
}

/** A sampler's held-out mean log-density, by which samplers are chosen. */
export interface Fitted {
  readonly sampler: Sampler;
  readonly heldOutLogQ?: Measured;
}
