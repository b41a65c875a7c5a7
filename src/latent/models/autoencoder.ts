/** A user's models with the images that they are looked at with: everything told apart, and codes to audit. */
import { InputError } from '../../engine/errors/index.js';
import type { ValueMap } from '../../engine/onnx/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import type { Codes } from '../audit/codes.js';
import {
  applyMap,
  declaredLatents,
  type LoadedDecoder,
  loadDecoder,
  type Meaning,
  meaningOf,
  type OutputSpace,
  spaceOf,
  unitMap,
} from './decoder.js';
import { type Encoder, loadEncoder, onlyInput, openEncoder, tryEncoder } from './encoder.js';
import { fedRows, type ImageArray } from './images.js';
import { type Fit, fitLayout, type Layout } from './layout.js';
import type { Likelihood } from './likelihood.js';
import type { Told } from './outputs.js';
import { type FedRange, ownRange, type Scaling, scalingOf } from './range.js';
import type { ModelSource } from './session.js';

export interface AutoencoderOptions {
  readonly told: Told;
  readonly layout?: Layout | undefined;
  readonly range?: FedRange | undefined;
  readonly likelihood?: Likelihood | undefined;
  readonly runtime: Runtime;
}

/** A decoder whose values are understood. */
export interface UserDecoder {
  readonly loaded: LoadedDecoder;
  readonly meaning: Meaning;
  readonly space: OutputSpace;
  /** From its values to 0 … 1. */
  readonly map: ValueMap;
  readonly likelihood: Likelihood;
  readonly by: 'option' | 'range';
  /** Means in 0 … 1. Shapes: z [n, D] -> [n, P] */
  decodeUnit(z: Float32Array): Promise<Float32Array>;
}

export interface Autoencoder {
  readonly encoder: Encoder;
  readonly decoder?: UserDecoder;
  readonly fit: Fit;
  readonly scaling: Scaling;
  /** Images as the encoder is fed them. Shapes: [to − from, P] */
  fed(images: ImageArray, from: number, to: number): Float32Array;
  /** The same in 0 … 1. */
  unit(images: ImageArray, from: number, to: number): Float32Array;
  release(): Promise<void>;
}

/** Images that ranges are compared by. */
const COMPARED = 64;
/** Bytes are given as 0 … 1 unless another range reconstructs with less than half its error, and of the images' variance. */
const CLEARLY = 0.5;

const first = (images: ImageArray, n: number): ImageArray => ({ ...images, n: Math.min(n, images.n) });
const centresOf = (codes: Codes): Float32Array => ('mu' in codes ? codes.mu : codes.z);
const through = ({ scale, offset }: Scaling['toUnit'], values: Float32Array): Float32Array =>
  values.map((value) => scale * value + offset);

/**
 * Opens a user's encoder, and decoder where there is one: which output is what, how images are laid out and scaled, and
 * what the decoder's values mean.
 *
 * Bytes may be fed as 0 … 1, −1 … 1 or 0 … 255: with a decoder the range is taken that it reconstructs from.
 *
 * Throws: InputError for models and images that do not go together, or that cannot be told apart.
 */
export const openAutoencoder = async (
  sources: { readonly encoder: ModelSource; readonly decoder?: ModelSource | undefined },
  images: ImageArray,
  options: AutoencoderOptions,
): Promise<Autoencoder> => {
  const { told, layout, range, likelihood, runtime } = options;
  const input = onlyInput(sources.encoder, 'images');
  const fit = fitLayout(images.image, input, { asked: layout, images: images.name, encoder: sources.encoder.name });
  const own = ownRange(images.statistics, images.bytes);
  const open = range === undefined && own === '0..255' && sources.decoder !== undefined;
  const ranges: readonly (FedRange | undefined)[] = open ? ['0..1', '-1..1', '0..255'] : [range];
  const latents = sources.decoder && declaredLatents(sources.decoder);
  const some = first(images, COMPARED);
  const loaded = await loadEncoder(sources.encoder, fit, runtime);
  let decoder: LoadedDecoder | undefined;
  try {
    const attempt = async (asked: FedRange | undefined): Promise<Attempt> => {
      const scaling = scalingOf(images.statistics, own, asked);
      const outputs = await tryEncoder(loaded, images, fit, scaling.toFed);
      const encoder = openEncoder(loaded, outputs, { fit, told, latents, runtime });
      if (!sources.decoder) return { scaling, encoder };
      const { name } = sources.encoder;
      const shapes = { shape: encoder.shape, fit, pixels: images.pixels };
      decoder ??= await loadDecoder(sources.decoder, {
        ...shapes,
        encoder: `${name} gives`,
        image: told.image,
        runtime,
      });
      return { scaling, encoder, meaning: await triedMeaning({ encoder, decoder, fit, scaling }, some) };
    };
    let best = await attempt(ranges[0]);
    for (const asked of ranges.slice(1)) {
      // A decoder that ends in Tanh gives what the encoder was fed: −1 … 1.
      if (best.meaning?.signed && best.scaling.fed === '-1..1') break;
      const other = await attempt(asked).catch((error: unknown) => {
        // Values that the encoder was not made for may overflow: that range is not the one.
        if (error instanceof InputError) return undefined;
        throw error;
      });
      if (other && isBetter(other, best, spreadOf(some, other.scaling))) best = other;
    }
    const { scaling, encoder, meaning } = best;
    const fed: Autoencoder['fed'] = (of, from, to) => fedRows(of, fit, scaling.toFed, from, to);
    return {
      encoder,
      fit,
      scaling,
      fed,
      unit: (of, from, to) => through(scaling.toUnit, fed(of, from, to)),
      ...(decoder && meaning && { decoder: understood(decoder, meaning, likelihood, scaling) }),
      release: async () => {
        await encoder.release();
        await decoder?.release();
      },
    };
  } catch (error) {
    await loaded.session.release();
    await decoder?.release();
    throw error;
  }
};

/** Models with the images in one range. */
interface Attempt {
  readonly scaling: Scaling;
  readonly encoder: Encoder;
  readonly meaning?: Meaning;
}

const isBetter = (other: Attempt, best: Attempt, spread: number): boolean => {
  if (!other.meaning || !best.meaning) return false;
  const signed = other.meaning.signed && other.scaling.fed === '-1..1';
  return signed || other.meaning.error < CLEARLY * Math.min(best.meaning.error, spread);
};

/** Variance of the images in 0 … 1: what a decoder leaves that gives one image for all. */
const spreadOf = ({ statistics }: ImageArray, { toFed, toUnit }: Scaling): number =>
  (statistics.sd * toFed.scale * toUnit.scale) ** 2;

/** What a decoder's values are for the codes of some images. */
const triedMeaning = async (
  { encoder, decoder, fit, scaling }: { encoder: Encoder; decoder: LoadedDecoder; fit: Fit; scaling: Scaling },
  some: ImageArray,
): Promise<Meaning> => {
  const { codes } = await encoder.encode(some, scaling.toFed, () => undefined);
  const unit = through(scaling.toUnit, fedRows(some, fit, scaling.toFed, 0, some.n));
  return meaningOf(decoder, await decoder.decode(centresOf(codes)), unit, scaling.toUnit);
};

/** What the values mean, as told or by their range. */
const understood = (
  loaded: LoadedDecoder,
  meaning: Meaning,
  told: Likelihood | undefined,
  scaling: Scaling,
): UserDecoder => {
  // A Gaussian may be about means in 0 … 1 though the encoder is fed another range.
  const kept = told === undefined || (told.kind === 'gaussian' && meaning.space === 'unit');
  const space = kept ? meaning.space : spaceOf(told);
  const map = unitMap(space, scaling.toUnit);
  return {
    loaded,
    meaning,
    space,
    map,
    likelihood: told ?? BY_SPACE[space],
    by: told ? 'option' : 'range',
    decodeUnit: async (z) => applyMap(map, await loaded.decode(z)),
  };
};

/** What values are taken for unless the user says it. */
const BY_SPACE: Readonly<Record<OutputSpace, Likelihood>> = {
  logits: { kind: 'bernoulli-logits' },
  unit: { kind: 'bernoulli' },
  fed: { kind: 'gaussian' },
};
