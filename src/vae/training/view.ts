import { input } from '../../engine/graph/index.js';
import { toModel } from '../../engine/onnx/index.js';
import { parameterCount, unflatten } from '../../engine/program/index.js';
import { float32, type Runtime, uint8 } from '../../engine/runtime/index.js';
import { decode, encode, type MlpConfig } from '../architectures/index.js';
import type { TrainConfig } from './config.js';
import { decodePixels } from './images.js';
import { PIXELS, shapesOf } from './step.js';
import { VERSION } from './version.js';

/** Looks into a decoder while it learns: its weights are fed, so that nothing is compiled again as they change. */
export interface DecoderView {
  /** Means of p(x | z). Shapes: weights flat, z [draws, latents] -> [draws, pixels]. */
  images(decoder: Float32Array, z: Float32Array): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Looks into both halves of a model while they learn. */
export interface ModelView extends DecoderView {
  /** q(z | x) of the images that the view was made for. Shapes: weights flat -> mu, sigma [images, latents]. */
  codes(encoder: Float32Array): Promise<{ readonly mu: Float32Array; readonly sigma: Float32Array }>;
}

const flat = (values: Float32Array) => float32(values, [values.length]);

/** A view of the decoders of one architecture, of so many draws at once. */
export const createDecoderView = async (model: MlpConfig, draws: number, runtime: Runtime): Promise<DecoderView> => {
  const shapes = shapesOf(model).decoder;
  const decoder = input('decoder', [parameterCount(shapes)]);
  const mean = decode(model, unflatten(decoder, shapes), input('z', [draws, model.latents])).mean();
  const session = await runtime.load(toModel({ mean }, { version: VERSION }));
  return {
    images: async (weights, z) =>
      (await session.run({ decoder: flat(weights), z: float32(z, [draws, model.latents]) })).mean!.data as Float32Array,
    release: () => session.release(),
  };
};

/**
 * A view of the models of one configuration, on `pixels` as they are fed in training, and of so many draws at once.
 *
 * Shapes: pixels [images, pixels of an image].
 */
export const createView = async (
  config: Pick<TrainConfig, 'binarisation'>,
  model: MlpConfig,
  { pixels, draws }: { readonly pixels: Uint8Array; readonly draws: number },
  runtime: Runtime,
): Promise<ModelView> => {
  const shapes = shapesOf(model).encoder;
  const count = pixels.length / model.pixels;
  const encoder = input('encoder', [parameterCount(shapes)]);
  const x = decodePixels(input(PIXELS, [count, model.pixels], 'uint8'), config.binarisation);
  const { mu, sigma } = encode(model, unflatten(encoder, shapes), x);
  const encoding = await runtime.load(toModel({ mu, sigma }, { version: VERSION }));
  const decoding = await createDecoderView(model, draws, runtime);
  return {
    codes: async (weights) => {
      const out = await encoding.run({ encoder: flat(weights), [PIXELS]: uint8(pixels, [count, model.pixels]) });
      return { mu: out.mu!.data as Float32Array, sigma: out.sigma!.data as Float32Array };
    },
    images: decoding.images,
    release: async () => {
      await encoding.release();
      await decoding.release();
    },
  };
};
