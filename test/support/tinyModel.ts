import { keyedStream } from '../../src/engine/random/index.js';
import type { Dataset, ImageSet } from '../../src/vae/data/index.js';
import type { TrainConfig } from '../../src/vae/training/index.js';

const HEIGHT = 5;
const WIDTH = 4;

/** Grey images of 5 × 4 pixels: a bright bar at a place and of a width that vary, on a dim noisy ground. */
const tinyImages = (part: string, count: number): ImageSet => {
  const pixels = new Uint8Array(count * HEIGHT * WIDTH);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const stream = keyedStream(1, `tiny/${part}`, i);
    const column = stream.below(WIDTH);
    const rows = 1 + stream.below(HEIGHT);
    labels[i] = column;
    for (let p = 0; p < HEIGHT * WIDTH; p++) {
      const lit = p % WIDTH === column && p / WIDTH < rows;
      pixels[i * HEIGHT * WIDTH + p] = (lit ? 170 : 0) + stream.below(86);
    }
  }
  return { pixels, labels, count, height: HEIGHT, width: WIDTH };
};

/** A data set on which a training takes milliseconds. */
export const tinyData = ({ train = 64, test = 64 } = {}): Dataset => ({
  name: 'tiny',
  train: tinyImages('train', train),
  test: tinyImages('test', test),
});

/** Eight steps an epoch on `tinyData()`. */
export const tinyConfig = (changes: Partial<TrainConfig> = {}): TrainConfig => ({
  preset: 'tiny',
  regime: 'joint',
  kl: 'analytic',
  seed: 1,
  epochs: 1,
  batch: 8,
  hidden: [7, 5],
  latents: 3,
  scale: 'softplus',
  binarisation: 'threshold',
  optimizer: { name: 'adam', lr: 1e-2, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
  ...changes,
});
