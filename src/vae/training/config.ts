import type { OptimizerConfig } from '../../engine/optim/index.js';

/** Who learns from what. */
export type RegimeName = 'joint' | 'encoder-only' | 'separate' | 'tandem' | 'random-z';
export type KlEstimator = 'analytic' | 'mc';
/** `threshold`: x > 127. `static`: drawn once from the seed. `dynamic`: drawn anew each step. `none`: grey-scale. */
export type Binarisation = 'threshold' | 'static' | 'dynamic' | 'none';

/**
 * `fresh`: each epoch has an order, a noise and a dynamic binarisation of its own. `repeated`: every epoch has those of
 * the first, as when a program sets its seed again each time round; each image then meets one noise, and what learns
 * from it overfits to that noise.
 */
export type Draws = 'fresh' | 'repeated';

/** Everything that decides a run: same config, same data, same threads, same bytes. */
export interface TrainConfig {
  readonly preset: string;
  readonly regime: RegimeName;
  readonly kl: KlEstimator;
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  /** Widths of the hidden layers of the encoder; the decoder mirrors them. */
  readonly hidden: readonly number[];
  readonly latents: number;
  readonly scale: 'softplus' | 'log_var';
  readonly binarisation: Binarisation;
  readonly optimizer: OptimizerConfig;
  /** `fresh` when absent. */
  readonly draws?: Draws;
  /**
   * Weight of the rate in the loss, 1 when absent; what is reported as rate and ELBO is without it.
   * Source: Higgins et al. 2017, "beta-VAE", ICLR, eq. 4.
   */
  readonly beta?: number;
}
