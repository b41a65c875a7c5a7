import { keyedStream } from '../../../src/engine/random/index.js';
import type { Runtime } from '../../../src/engine/runtime/index.js';
import type { Dataset } from '../../../src/vae/data/index.js';
import { createView, fedImages, mlpOf, type TrainConfig, type TrainState } from '../../../src/vae/training/index.js';
import { CODES, type Picture, SHOWN } from './messages.js';

/** z = μ + σ ε of the first rows. */
const drawn = (mu: Float32Array, sigma: Float32Array, noise: Float32Array): Float32Array =>
  noise.map((value, i) => mu[i]! + sigma[i]! * value);

/** Takes pictures of a model as it learns: always the same images and the same noise, so that only the model changes. */
export const createCamera = async (config: TrainConfig, data: Dataset, runtime: Runtime) => {
  const { test } = data;
  const model = mlpOf(config, test.width * test.height);
  const fed = fedImages(test, config.binarisation, config.seed, 'test');
  const count = Math.min(CODES, fed.count);
  const pixels = new Uint8Array(count * model.pixels);
  for (let i = 0; i < count; i++) fed.copy(i, pixels, i * model.pixels);
  const noise = new Float32Array(SHOWN * model.latents);
  keyedStream(config.seed, 'lab/picture', 0).fillNormal(noise);
  const white = config.binarisation === 'none' ? 255 : 1;
  const shown = Float32Array.from(pixels.subarray(0, SHOWN * model.pixels), (value) => value / white);
  const view = await createView(config, model, { pixels, draws: SHOWN }, runtime);
  return {
    take: async ({ step, weights }: TrainState): Promise<Picture> => {
      const { mu, sigma } = await view.codes(weights.encoder);
      const posterior = await view.images(weights.decoder, drawn(mu, sigma, noise));
      const prior = await view.images(weights.decoder, noise);
      return { step, mu, sigma, labels: test.labels?.slice(0, count), data: shown, posterior, prior };
    },
    release: () => view.release(),
  };
};
