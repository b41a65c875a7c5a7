import { InputError } from '../../engine/errors/index.js';
import { joinModels, type Port, portsOf, shownPort, shownPorts } from '../../engine/onnx/index.js';
import { VERSION } from '../../vae/training/index.js';
import { samplerOnnx } from '../samplers/draw.js';
import type { Sampler } from '../samplers/sampler.js';

export interface GeneratorOptions {
  /** How messages name the decoder: by its file. */
  readonly name: string;
  /** Of the fit. */
  readonly seed: number;
  /** Of an image, where they are known. */
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  /** Channels one plane after the other. */
  readonly planar?: boolean;
}

/** What a decoder takes and gives: `mean` where there is such an output, else the only one. */
const decoderPorts = (decoder: Uint8Array, name: string): { readonly z: Port; readonly image: Port } => {
  const { inputs, outputs } = portsOf(decoder, name);
  const [z] = inputs;
  if (!z || inputs.length > 1) {
    throw new InputError(`${name}: expected a decoder with one input z, got ${shownPorts(inputs)}`);
  }
  const image = outputs.find((output) => output.name === 'mean') ?? (outputs.length === 1 ? outputs[0] : undefined);
  if (!image) {
    throw new InputError(`${name}: expected one output, or one named mean, got ${shownPorts(outputs)}`);
  }
  return { z, image };
};

/**
 * Checks that a decoder takes rows of so many latents, any number of them.
 *
 * Throws: InputError otherwise.
 */
export const requireDecoder = (decoder: Uint8Array, latents: number, name: string): void => {
  const { z } = decoderPorts(decoder, name);
  const [batch, size] = z.dims ?? [];
  if (z.dims && (z.dims.length !== 2 || (typeof size === 'number' && size !== latents))) {
    throw new InputError(
      `${name}: expected a decoder of ${latents} latents as the codes have, got input ${shownPort(z)}`,
    );
  }
  if (typeof batch === 'number') {
    throw new InputError(`${name}: expected a decoder of any number of rows, got input ${shownPort(z)}`);
  }
};

/**
 * A sampler joined with a decoder: `noise` [batch, d], values of N(0, 1) -> `image` [batch, P], means in 0 … 1.
 *
 * The decoder may be any model of one input z [batch, D] and one output (or one named `mean`); its nodes are taken as
 * they are.
 *
 * Throws: InputError for a decoder of other latents, or one that is no such model.
 */
export const generatorOnnx = (
  sampler: Sampler,
  decoder: Uint8Array,
  { name, seed, width, height, channels = 1, planar = false }: GeneratorOptions,
): Uint8Array => {
  requireDecoder(decoder, sampler.latents, name);
  const { z, image } = decoderPorts(decoder, name);
  const { metadata } = portsOf(decoder, name);
  const ofDecoder = Object.entries(metadata).map(([key, value]) => [`decoder.${key}`, value]);
  return joinModels(
    samplerOnnx(sampler),
    decoder,
    { from: 'z', into: z.name, output: image.name, as: 'image', name },
    {
      version: VERSION,
      description: `Images out of standard normal noise: ${sampler.name}, then a decoder`,
      metadata: {
        'zdist.part': 'generator',
        'zdist.version': VERSION,
        'zdist.sampler': sampler.family,
        'zdist.samplerName': sampler.name,
        'zdist.seed': String(seed),
        'zdist.latents': String(sampler.latents),
        'zdist.noise': String(sampler.noise),
        ...(width && height && { 'zdist.width': String(width), 'zdist.height': String(height) }),
        ...(channels > 1 && { 'zdist.channels': String(channels), 'zdist.planar': String(planar) }),
        ...Object.fromEntries(ofDecoder),
      },
    },
  );
};
