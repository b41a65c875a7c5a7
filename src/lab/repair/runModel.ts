import type { Runtime } from '../../engine/runtime/index.js';
import {
  classifierExtractor,
  type FeatureExtractor,
  type OnnxExtractorOptions,
  onnxExtractor,
  principalComponentsExtractor,
} from '../../latent/evaluation/index.js';
import type { RepairModel } from '../../latent/repair/index.js';
import type { Dataset, ImageSet } from '../../vae/data/index.js';
import type { RunConfig } from '../config/index.js';
import { modelImages } from '../runs/modelImages.js';
import type { Decoder } from './decoder.js';

/** Training images that decoded draws are compared with: of 784 pixels, 63 MB. */
const TRAINING = 20_000;
const AT_ONCE = 10_000;

/** A user's own feature extractor, read from its file. */
export interface OwnExtractor extends Pick<OnnxExtractorOptions, 'name' | 'output' | 'range'> {
  readonly bytes: Uint8Array;
}

export interface RunModelOptions {
  /** Takes the place of the features that are learned here. */
  readonly extractor?: OwnExtractor;
  readonly runtime: Runtime;
  readonly seed: number;
  readonly onProgress: (what: string, share: number) => void;
}

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

const classesOf = ({ labels, count }: ImageSet): number => (labels?.length === count ? new Set(labels).size : 0);

/** Features of the user's own extractor; else of a classifier where images have labels, else principal components. */
export const extractorOf = async (
  data: Dataset,
  config: FedConfig,
  { extractor, runtime, seed, onProgress }: RunModelOptions,
): Promise<FeatureExtractor> => {
  if (extractor) {
    const { bytes, ...options } = extractor;
    const { width, height } = data.test;
    return onnxExtractor(bytes, { ...options, width, height, runtime });
  }
  const train = fedBytes(data.train, 'train', config);
  const test = fedBytes(data.test, 'test', config);
  if (classesOf(train) < 2 || classesOf(test) < 1) {
    onProgress('principal components', 0);
    return principalComponentsExtractor(train, { runtime });
  }
  const learning = (share: number): void => onProgress('training a classifier for features', share);
  return classifierExtractor({ train, test }, { seed, runtime, onProgress: learning });
};

/** The decoder of a run with the images of the run's data. */
export const runModel = async (
  decoder: Decoder,
  data: Dataset,
  config: RunConfig,
  options: RunModelOptions,
): Promise<RepairModel> => {
  const { latents } = config;
  const { train, test } = data;
  return {
    pixels: test.width * test.height,
    decode: (z) => decoder.decode(z, latents),
    decodeLogits: (z) => decoder.decodeLogits(z, latents),
    binary: config.binarisation !== 'none',
    heldOut: modelImages(test, 'test', range(0, test.count), config),
    training: modelImages(train, 'train', range(0, Math.min(TRAINING, train.count)), config),
    extractor: await extractorOf(data, config, options),
  };
};
