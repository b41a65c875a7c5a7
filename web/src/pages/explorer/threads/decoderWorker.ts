/** Holds the decoder of a run, and a sampler: z to images, and noise to z. */

import { InputError } from '../../../../../src/engine/errors/index.js';
import { portsOf } from '../../../../../src/engine/onnx/index.js';
import { keyedStream } from '../../../../../src/engine/random/index.js';
import { float32, type Session } from '../../../../../src/engine/runtime/index.js';
import { loadDecoder, mapToUnit } from '../../../../../src/latent/models/index.js';
import { noiseOf } from '../../../../../src/latent/samplers/index.js';
import { answer } from './asking.js';
import { type ImageShape, imageShape, interleaved } from './imageShape.js';
import { oneThread } from './runtime.js';

const runtime = oneThread();
let decoder: Session;
let latents = 0;
let image: ImageShape;
let sampler: { readonly session: Session; readonly noise: number } | undefined;

/** Shapes: z [n, D] -> [n, height · width · channels] in 0 … 1. */
const decode = async (z: Float32Array): Promise<Float32Array> => {
  const { mean } = await decoder.run({ z: float32(z, [z.length / latents, latents]) });
  return interleaved(mean!.data as Float32Array, image);
};

/** N(0, I) by the seed, and what a sampler takes besides, which comes first. Shapes: noise [n, D] -> [n, d] */
const samplerNoise = (noise: Float32Array, n: number, width: number, seed: number): Float32Array => {
  const extra = Math.max(0, width - latents);
  const own = new Float32Array(n * extra);
  keyedStream(seed, 'explorer/choice', 0).fillNormal(own);
  const out = new Float32Array(n * width);
  for (let i = 0; i < n; i++) {
    out.set(own.subarray(i * extra, (i + 1) * extra), i * width);
    out.set(noise.subarray(i * latents, i * latents + width - extra), i * width + extra);
  }
  return out;
};

const handlers = {
  /** Throws: InputError for a model that is no decoder of so many latents. */
  open: async (told: { bytes: Uint8Array; name: string; latents: number }) => {
    ({ latents } = told);
    const { bytes, name } = told;
    const loaded = await loadDecoder(
      { name, bytes, ports: portsOf(bytes, name) },
      { shape: [latents], encoder: 'the codes have', runtime },
    );
    const model = loaded.asModel(await mapToUnit(loaded, latents));
    await loaded.release();
    decoder = await runtime.load(model);
    const { mean } = await decoder.run({ z: float32(new Float32Array(latents), [1, latents]) });
    image = imageShape(mean!.shape.slice(1), name);
    const { width, height, channels } = image;
    return { width, height, channels, runtime: runtime.description };
  },

  decode: async ({ z }: { z: Float32Array }) => {
    const start = performance.now();
    const images = await decode(z);
    return { images, ms: performance.now() - start };
  },

  /** Throws: InputError for a model that does not give so many latents. */
  sampler: async ({ bytes, name }: { bytes: Uint8Array; name: string }) => {
    const noise = portsOf(bytes, name).inputs[0]?.dims?.[1];
    const session = await runtime.load(bytes);
    if (typeof noise !== 'number' || !session.outputs.includes('z') || !session.inputs.includes('noise')) {
      throw new InputError(`${name}: expected a sampler of noise [batch, d] to z, got another model`);
    }
    await sampler?.session.release();
    sampler = { session, noise };
  },

  /** The same noise as draws of the prior, of the sampler, and around codes. Shapes: mu, sigma [count, D] */
  draws: async (told: { count: number; seed: number; mu: Float32Array; sigma: Float32Array }) => {
    const { count, seed, mu, sigma } = told;
    const noise = noiseOf(count, latents, seed);
    const around = noise.map((value, i) => mu[i]! + sigma[i]! * value);
    const fitted = sampler && (await drawn(sampler, noise, count, seed));
    return {
      prior: { z: noise, images: await decode(noise) },
      fitted: fitted && { z: fitted, images: await decode(fitted) },
      encoder: { z: around, images: await decode(around) },
    };
  },
};
export type DecoderAnswers = typeof handlers;

const drawn = async (
  { session, noise: width }: { readonly session: Session; readonly noise: number },
  noise: Float32Array,
  n: number,
  seed: number,
): Promise<Float32Array> => {
  const { z } = await session.run({ noise: float32(samplerNoise(noise, n, width, seed), [n, width]) });
  if (z!.shape[1] !== latents) {
    throw new InputError(`sampler: expected z of ${latents} latents, got ${z!.shape[1]}`);
  }
  return z!.data as Float32Array;
};

answer(handlers);
