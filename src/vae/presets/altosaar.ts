import type { Preset } from './preset.js';

/**
 * 784-256-256 with 128 latents on binary images.
 *
 * Source: github.com/altosaar/variational-autoencoder, the model of the founding study.
 */
export const altosaar: Preset = {
  hidden: [256, 256],
  latents: 128,
  scale: 'softplus',
  binarisation: 'threshold',
  batch: 128,
  optimizer: { name: 'rmsprop', lr: 1e-3, alpha: 0.99, eps: 1e-8, centered: true },
};
