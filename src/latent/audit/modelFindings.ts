/** What an audit finds of the models that codes were made with: the key `model` of `audit.json`. */
import type { Measured } from './measured.js';

/** Reads the scale that an encoder gives as a standard deviation, a variance, or the logarithm of one of them. */
export type ScaleReading = 'sigma' | 'var' | 'log_var' | 'log_sigma';

export interface ReadingEvidence {
  readonly reading: ScaleReading;
  /** Mean KL(q_i ‖ N(0, I)) under it, closed form. */
  readonly analytic: Measured;
  /** The same from the encoder's own draws: agrees with the closed form under the reading that it draws with. */
  readonly monteCarlo?: Measured;
  /** ELBO with draws under it. */
  readonly elbo?: Measured;
  /** Mean over active dimensions of Var(mu) + mean sigma²: about 1 of a trained VAE. */
  readonly variance?: number;
}

export interface ReadingFindings {
  /** As named or told, and used. */
  readonly used: ScaleReading;
  /** What the evidence speaks for; absent where it does not tell. */
  readonly consistent?: ScaleReading;
  readonly by: 'draws' | 'elbo' | 'variance' | 'nothing';
  readonly text: string;
  readonly evidence: readonly ReadingEvidence[];
}

export interface ChannelFindings {
  readonly channel: number;
  readonly mean: number;
  readonly sd: number;
  /** 1 / sd. */
  readonly scalingFactor: number;
  /** Kolmogorov–Smirnov distance to N(0, 1) of the values times the factor of all channels. */
  readonly distance: number;
}

/** Codes with places: [C, h, w]. */
export interface SpatialFindings {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly mean: number;
  readonly sd: number;
  /** 1 / sd of all values: what makes their standard deviation 1. */
  readonly scalingFactor: number;
  readonly channels: readonly ChannelFindings[];
  /** Over places: least, middle and largest standard deviation of the values there, and KL of their moments. */
  readonly places: {
    readonly sd: readonly [number, number, number];
    readonly momentKl?: readonly [number, number, number];
  };
  /** Mean correlation of a value with its neighbour to the right and below, within a channel. */
  readonly neighbours: number;
  /** What the verdict is about: all values of a code, or the channels of one place. */
  readonly audited: 'codes' | 'places';
}

export interface ModelPort {
  readonly name: string;
  /** As declared: `[n, 1, 28, 28]`. */
  readonly shown: string;
  readonly role?: string;
  /** How the role was found. */
  readonly by?: 'option' | 'name' | 'values';
}

export interface ModelFindings {
  readonly encoder: {
    readonly name: string;
    readonly inputs: readonly ModelPort[];
    readonly outputs: readonly ModelPort[];
  };
  readonly decoder?: {
    readonly name: string;
    readonly inputs: readonly ModelPort[];
    readonly outputs: readonly ModelPort[];
    /** Least and largest value that it gives for codes of the first images. */
    readonly range: readonly [number, number];
  };
  readonly images: {
    readonly train: string;
    readonly test?: string;
    /** How images are given to the encoder: `nchw [1, 28, 28]`. */
    readonly layout: string;
    /** Values in the array, and as the encoder is fed them. */
    readonly own: string;
    readonly fed: string;
  };
  /** Axes of one code. */
  readonly shape: readonly number[];
  /** In words, and whether the user said so. */
  readonly likelihood?: { readonly text: string; readonly by: 'option' | 'range' };
  /** mean log p(x | z), z ~ q(z | x), of held-out images; of grey pixels under Bernoulli it is no likelihood. */
  readonly score?: Measured;
  readonly crossEntropy?: Measured;
  readonly elbo?: Measured;
  /** Root mean squared error of reconstructions, in units of 0 … 1. */
  readonly error?: Measured;
  readonly reading?: ReadingFindings;
  readonly spatial?: SpatialFindings;
}
