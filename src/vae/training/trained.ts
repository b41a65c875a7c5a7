import { type NonFiniteError, ShapeError } from '../../engine/errors/index.js';
import { views } from '../../engine/program/index.js';
import { float32, type HostTensor, type Runtime } from '../../engine/runtime/index.js';
import type { MlpConfig } from '../architectures/index.js';
import type { Part } from '../regimes/index.js';
import type { TrainConfig } from './config.js';
import type { CurvePoint, FinalValues, Probes } from './curve.js';
import { decoderModel, encoderModel } from './export.js';
import { shapesOf } from './step.js';

/** What training leaves: plain values, and the model to use and to save. */
export interface TrainedModel {
  readonly config: TrainConfig;
  readonly model: MlpConfig;
  readonly state: 'done' | 'interrupted' | 'failed';
  /** What was not finite, and when, where the training failed. */
  readonly fault?: NonFiniteError;
  /** What the regime trained; the rest has its initial weights. */
  readonly trained: readonly Part[];
  /** Optimizer steps taken. */
  readonly steps: number;
  readonly curve: readonly CurvePoint[];
  readonly final: FinalValues;
  readonly probes: Probes;
  readonly seconds: number;
  /** Median over chunks; data and noise included, evaluation not. */
  readonly msPerStep: number;
  /** Codes in each batch of the moment-matched KL. */
  readonly momentBatch: number;
  /** Values by parameter name. */
  readonly parameters: Readonly<Record<string, Float32Array>>;
  encoderOnnx(): Uint8Array;
  decoderOnnx(): Uint8Array;
  /** q(z | x) of images in 0 … 1. Shapes: x [n, pixels] -> mu, sigma [n, latents]. Throws: ShapeError for a part of a row. */
  encode(x: Float32Array): Promise<{ mu: Float32Array; sigma: Float32Array }>;
  /** Means of p(x | z). Shapes: z [n, latents] -> [n, pixels]. Throws: ShapeError for a part of a row. */
  decode(z: Float32Array): Promise<Float32Array>;
  /** Log-odds of p(x | z). Shapes: z [n, latents] -> [n, pixels]. Throws: ShapeError for a part of a row. */
  decodeLogits(z: Float32Array): Promise<Float32Array>;
}

type Use = Pick<TrainedModel, 'parameters' | 'encoderOnnx' | 'decoderOnnx' | 'encode' | 'decode' | 'decodeLogits'>;

const rows = (what: string, values: Float32Array, width: number): HostTensor => {
  const n = values.length / width;
  if (!Number.isInteger(n) || n === 0) {
    throw new ShapeError(`${what}: expected rows of ${width} values, got ${values.length} values`);
  }
  return float32(values, [n, width]);
};

/** The usable side of a trained model; encoding and decoding go through the very files that are exported. */
export const usable = (
  config: TrainConfig,
  model: MlpConfig,
  weights: Readonly<Record<Part, Float32Array>>,
  runtime: Runtime,
): Use => {
  const shapes = shapesOf(model);
  const parts = {
    encoder: views(weights.encoder, shapes.encoder),
    decoder: views(weights.decoder, shapes.decoder),
  };
  const encoderOnnx = (): Uint8Array => encoderModel(config, model, parts.encoder);
  const decoderOnnx = (): Uint8Array => decoderModel(config, model, parts.decoder);
  const run = async (bytes: Uint8Array, feeds: Record<string, HostTensor>): Promise<Record<string, Float32Array>> => {
    const session = await runtime.load(bytes);
    const out = await session.run(feeds);
    await session.release();
    return Object.fromEntries(Object.entries(out).map(([name, x]) => [name, x.data as Float32Array]));
  };
  const decoded = (z: Float32Array): Promise<Record<string, Float32Array>> =>
    run(decoderOnnx(), { z: rows('decode: z', z, model.latents) });
  return {
    parameters: { ...parts.encoder, ...parts.decoder },
    encoderOnnx,
    decoderOnnx,
    encode: async (x) => {
      const out = await run(encoderOnnx(), { x: rows('encode: x', x, model.pixels) });
      return { mu: out.mu!, sigma: out.sigma! };
    },
    decode: async (z) => (await decoded(z)).mean!,
    decodeLogits: async (z) => (await decoded(z)).logits!,
  };
};
