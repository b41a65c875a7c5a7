import type { TrainConfig } from '../training/config.js';

/** The parts of a configuration that make a known model; regime, seed and length are the user's. */
export type Preset = Pick<TrainConfig, 'hidden' | 'latents' | 'scale' | 'binarisation' | 'batch' | 'optimizer'>;
