import { InputError } from '../../engine/errors/index.js';
import {
  add,
  constant,
  input,
  matmul,
  mean,
  mul,
  reshape,
  slice,
  square,
  sub,
  type Tensor,
  zeros,
} from '../../engine/graph/index.js';
import { toModel } from '../../engine/onnx/index.js';
import { simplify } from '../../engine/passes/index.js';
import { parameterCount, unflatten } from '../../engine/program/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { float32, type HostTensor, type Runtime, uint8 } from '../../engine/runtime/index.js';
import { decode, encode, type MlpConfig } from '../architectures/index.js';
import { klRules, momentMatchedKl, normal } from '../distributions/index.js';
import type { TrainConfig } from './config.js';
import { estimate, type FinalValues } from './curve.js';
import { decodePixels, type FedImages } from './images.js';
import { NOISE, PIXELS, shapesOf } from './step.js';
import { VERSION } from './version.js';

/** Images whose codes make one batch of the moment-matched KL, where the test set has enough. */
const MOMENT_BATCH = 1000;
/** Codes in each batch of the moment-matched KL, of so many test images. */
export const momentBatchOf = (images: number): number => Math.min(MOMENT_BATCH, Math.floor(images / 2));

/** Test images whose codes are kept at every evaluation. */
const PROBES = 64;

export interface Evaluation {
  readonly values: FinalValues;
  /** q(z | x) of the first images. Shapes: mu, sigma [probes, latents]. */
  readonly probes: { readonly mu: Float32Array; readonly sigma: Float32Array };
}

export interface Evaluator {
  /** Codes in each batch of the moment-matched KL. */
  readonly batch: number;
  /** The number of first images whose codes are kept: 0 where z has nothing to do with x. */
  readonly probes: number;
  /**
   * Every quantity on the whole test set, with the same noise each time. Those of a model that has diverged may be
   * NaN or infinite.
   */
  evaluate(encoder: Float32Array, decoder: Float32Array): Promise<Evaluation>;
  release(): Promise<void>;
}

/** Mean and covariance of rows, with 1/B. Shapes: rows [B, D] -> [D], [D, D]. Centred first: no digits are lost. */
const momentsOf = (rows: Tensor): { readonly mean: Tensor; readonly covariance: Tensor } => {
  const centre = mean(rows, 0, { keepDims: true });
  const centred = sub(rows, centre);
  const covariance = mul(matmul(centred, centred, { transA: true }), 1 / rows.shape[0]!);
  return { mean: reshape(centre, [rows.shape[1]!]), covariance };
};

/** Infinite where the covariance is singular to float32, as the closed form is. */
const momentKl = (mean: Float32Array, covariance: Float32Array): number => {
  try {
    return momentMatchedKl({ mean, covariance });
  } catch (error) {
    if (error instanceof RangeError) return Number.POSITIVE_INFINITY;
    throw error;
  }
};

/**
 * Evaluates a model on the test set: rate by both estimators, score, ELBO, and the moment-matched KL of batches of
 * codes and of draws. `posterior: 'prior'` stands for a decoder that learns from N(0, I) draws unrelated to x.
 *
 * Throws: InputError when the test set has too few images for a covariance of the latents.
 */
export const createEvaluator = async (
  config: TrainConfig,
  model: MlpConfig,
  images: FedImages,
  runtime: Runtime,
  posterior: 'encoder' | 'prior',
): Promise<Evaluator> => {
  const batch = momentBatchOf(images.count);
  if (batch <= model.latents) {
    throw new InputError(
      `test set: expected more than ${2 * model.latents + 1} images for a covariance of ${model.latents} latents, got ${images.count}`,
    );
  }
  const probes = posterior === 'encoder' ? Math.min(PROBES, images.count) : 0;
  const outputs = evaluationGraph(config, model, { batch, probes: Math.min(probes, batch) }, posterior);
  const session = await runtime.load(toModel(outputs, { version: VERSION }));
  const batches = Math.ceil(images.count / batch);
  const feedsOf = batchFeeds(config, model, images, batch);

  const evaluate = async (encoder: Float32Array, decoder: Float32Array): Promise<Evaluation> => {
    const values: Record<'rate' | 'rateMc' | 'score' | 'elbo', number[]> = {
      rate: [],
      rateMc: [],
      score: [],
      elbo: [],
    };
    const moments: Record<'momentKl' | 'momentKlDraws', number[]> = { momentKl: [], momentKlDraws: [] };
    const mu = new Float32Array(probes * model.latents);
    const sigma = new Float32Array(probes * model.latents);
    const parameters: Record<string, HostTensor> = {
      encoder: float32(encoder, [encoder.length]),
      decoder: float32(decoder, [decoder.length]),
    };
    for (let b = 0; b < batches; b++) {
      const feeds: Record<string, HostTensor> = { ...parameters, ...feedsOf(b) };
      const out = await session.run(Object.fromEntries(session.inputs.map((name) => [name, feeds[name]!])));
      const numbers = (name: string): Float32Array => (out[name] as { data: Float32Array }).data;
      const rows = Math.min(batch, images.count - b * batch);
      // More than one batch holds them where batches are small.
      const kept = Math.min(rows, probes - b * batch) * model.latents;
      if (kept > 0) {
        mu.set(numbers('mu').subarray(0, kept), b * batch * model.latents);
        sigma.set(numbers('sigma').subarray(0, kept), b * batch * model.latents);
      }
      for (let i = 0; i < rows; i++) {
        const [rate, score] = [numbers('rate')[i]!, numbers('score')[i]!];
        values.rate.push(rate);
        values.rateMc.push(numbers('rateMc')[i]!);
        values.score.push(score);
        values.elbo.push(score - rate);
      }
      if (rows < batch) continue; // a last batch filled up with repeated images has no moments of its own
      moments.momentKl.push(momentKl(numbers('mean'), numbers('covariance')));
      moments.momentKlDraws.push(momentKl(numbers('meanDraws'), numbers('covarianceDraws')));
    }
    const estimates = Object.fromEntries(
      Object.entries({ ...values, ...moments }).map(([name, list]) => [name, estimate(list, config.seed)]),
    ) as unknown as FinalValues;
    return { values: estimates, probes: { mu, sigma } };
  };
  return { batch, probes, evaluate, release: () => session.release() };
};

const evaluationGraph = (
  config: TrainConfig,
  model: MlpConfig,
  { batch, probes }: { readonly batch: number; readonly probes: number },
  source: 'encoder' | 'prior',
): Record<string, Tensor> => {
  const shapes = shapesOf(model);
  const part = (name: 'encoder' | 'decoder'): Record<string, Tensor> =>
    unflatten(input(name, [parameterCount(shapes[name])]), shapes[name]);
  const x = decodePixels(input(PIXELS, [batch, model.pixels], 'uint8'), config.binarisation);
  const noise = input(NOISE, [batch, model.latents]);
  const q =
    source === 'encoder' ? encode(model, part('encoder'), x) : normal(zeros(noise.shape), add(zeros(noise.shape), 1));
  const sample = q.rsample(noise);
  const codes = momentsOf(q.mu);
  const draws = momentsOf(sample.z);
  const identity = Array.from({ length: model.latents ** 2 }, (_, i) => (i % (model.latents + 1) === 0 ? 1 : 0));
  // Law of total covariance: Cov z = Cov μ + E diag σ².
  const within = mul(mean(square(q.sigma), 0, { keepDims: true }), constant(identity, [model.latents, model.latents]));
  const outputs: Record<string, Tensor> = {
    rate: klRules.analytic(q, sample),
    rateMc: klRules.mc(q, sample),
    score: decode(model, part('decoder'), sample.z).logProb(x),
    mean: codes.mean,
    covariance: add(codes.covariance, within),
    meanDraws: draws.mean,
    covarianceDraws: draws.covariance,
    ...(probes > 0 && { mu: slice(q.mu, 0, 0, probes), sigma: slice(q.sigma, 0, 0, probes) }),
  };
  const names = Object.keys(outputs);
  return Object.fromEntries(simplify(Object.values(outputs)).map((value, i) => [names[i]!, value]));
};

/** Images and noise of batch b; a last batch that is not full begins again with the first images. */
const batchFeeds =
  (config: TrainConfig, model: MlpConfig, images: FedImages, batch: number) =>
  (b: number): Record<string, HostTensor> => {
    const pixels = new Uint8Array(batch * model.pixels);
    for (let i = 0; i < batch; i++) images.copy((b * batch + i) % images.count, pixels, i * model.pixels);
    const noise = new Float32Array(batch * model.latents);
    keyedStream(config.seed, 'noise/test', b).fillNormal(noise);
    return { [PIXELS]: uint8(pixels, [batch, model.pixels]), [NOISE]: float32(noise, [batch, model.latents]) };
  };
