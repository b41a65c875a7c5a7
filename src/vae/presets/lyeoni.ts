import type { Preset } from './preset.js';

/**
 * 784-512-256 with 2 latents on grey images.
 *
 * Source: github.com/lyeoni/pytorch-mnist-VAE.
 */
export const lyeoni: Preset = {
  hidden: [512, 256],
  latents: 2,
  scale: 'log_var',
  binarisation: 'none',
  batch: 100,
  optimizer: { name: 'adam', lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
};
