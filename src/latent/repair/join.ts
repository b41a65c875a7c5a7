import { InputError } from '../../engine/errors/index.js';
import { float32, type Runtime, type Session } from '../../engine/runtime/index.js';
import { loadModel } from '../models/index.js';
import { drawSamples, noiseOf } from '../samplers/draw.js';
import type { Decoder } from './decoder.js';
import { generatorOnnx } from './generator.js';
import type { Repair } from './repair.js';

/** Draws that a joined model is tried with. */
const IMAGES = 64;
/** Largest difference of two pixels that rounding may make. */
const ROUNDING = 1e-3;

/** The chosen sampler joined with the decoder, or why that cannot be. */
export type Generator = { readonly bytes: Uint8Array } | { readonly why: string };

/** Throws where the joined model gives other images than its two parts one after the other. */
const checkGenerator = async (
  generator: Session,
  { chosen, result }: Repair,
  decoder: Decoder,
  runtime: Runtime,
): Promise<void> => {
  const noise = float32(noiseOf(IMAGES, chosen.noise, result.seed), [IMAGES, chosen.noise]);
  const images = (await generator.run({ noise })).image!.data as Float32Array;
  const parts = await decoder.decode(await drawSamples(chosen, IMAGES, result.seed, runtime), chosen.latents);
  const worst = images.reduce((most, value, i) => Math.max(most, Math.abs(value - parts[i]!)), 0);
  if (images.length === parts.length && worst <= ROUNDING) return;
  throw new Error(`internal: generator.onnx: expected the images of sampler and decoder, got a difference of ${worst}`);
};

/**
 * Joins the chosen sampler with the decoder and tries the two as one.
 *
 * A decoder that cannot be joined (its operator set is too old for the sampler, say) leaves the sampler alone: then it is
 * said why.
 */
export const joinGenerator = async (repair: Repair, decoder: Decoder, runtime: Runtime): Promise<Generator> => {
  let generator: Session | undefined;
  try {
    const bytes = generatorOnnx(repair.chosen, decoder.bytes, { ...decoder, seed: repair.result.seed });
    generator = await loadModel(runtime, bytes, 'generator.onnx');
    await checkGenerator(generator, repair, decoder, runtime);
    return { bytes };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { why: error.message };
  } finally {
    await generator?.release();
  }
};
