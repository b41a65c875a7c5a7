import type { OptimizerConfig } from '../../engine/optim/index.js';

/** Who learns from what. */
export type RegimeName = 'joint' | 'encoder-only' | 'separate' | 'tandem' | 'random-z';
export type KlEstimator = 'analytic' | 'mc';
/** `threshold`: x > 127. `static`: drawn once from the seed. `dynamic`: drawn anew each step. `none`: grey-scale. */
export type Binarisation = 'threshold' | 'static' | 'dynamic' | 'none';

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
}
