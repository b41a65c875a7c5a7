import {
  bernoulliLikelihood,
  chooseExtractor,
  type ExtractorOptions,
  type FeatureExtractor,
} from '../../latent/evaluation/index.js';
import type { RepairModel, RunDecoder } from '../../latent/repair/index.js';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import type { RunConfig } from '../config/index.js';
import { modelImages } from '../runs/modelImages.js';

/** Training images that decoded draws are compared with: of 784 pixels, 63 MB. */
const TRAINING = 20_000;
const AT_ONCE = 10_000;

/** What decides how images are fed. */
type FedConfig = Pick<RunConfig, 'binarisation' | 'seed'>;

const range = (from: number, to: number): Uint32Array => Uint32Array.from({ length: to - from }, (_, i) => from + i);

/** Images as the model is fed them, as bytes: an extractor sees images as samples are. */
const fedBytes = (images: ImageSet, part: 'train' | 'test', config: FedConfig): ImageSet => {
  const pixels = new Uint8Array(images.pixels.length);
  const size = images.width * images.height;
  for (let from = 0; from < images.count; from += AT_ONCE) {
    const rows = modelImages(images, part, range(from, Math.min(images.count, from + AT_ONCE)), config);
    for (let i = 0; i < rows.length; i++) pixels[from * size + i] = Math.round(255 * rows[i]!);
  }
  return { ...images, pixels };
};

/** Features for measures of the images of a run. */
export const extractorOf = (data: Dataset, config: FedConfig, options: ExtractorOptions): Promise<FeatureExtractor> => {
  const { train, test } = data;
  const bytes = { train: () => fedBytes(train, 'train', config), test: () => fedBytes(test, 'test', config) };
  return chooseExtractor(bytes, test, options);
};

/** The decoder of a run with the images of the run's data. */
export const runModel = async (
  decoder: RunDecoder,
  data: Dataset,
  config: RunConfig,
  options: ExtractorOptions,
): Promise<RepairModel> => {
  const { latents } = config;
  const { train, test } = data;
  const pixels = test.width * test.height;
  const logits = (z: Float32Array): Promise<Float32Array> => decoder.decodeLogits(z, latents);
  return {
    pixels,
    decode: (z) => decoder.decode(z, latents),
    ...(config.binarisation !== 'none' && { likelihood: bernoulliLikelihood(logits, pixels, options.runtime) }),
    heldOut: modelImages(test, 'test', range(0, test.count), config),
    training: modelImages(train, 'train', range(0, Math.min(TRAINING, train.count)), config),
    extractor: await extractorOf(data, config, options),
  };
};
