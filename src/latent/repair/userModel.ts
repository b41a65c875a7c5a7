/** A user's own models and codes, as a repair takes them. */
import type { Runtime } from '../../engine/runtime/index.js';
import { type ImageSet, imageSize } from '../../vae/data/index.js';
import type { AuditInput, Codes } from '../audit/index.js';
import { halves, sampleRows, selectRows } from '../audit/split.js';
import { chooseExtractor, type ExtractorOptions } from '../evaluation/index.js';
import {
  type Autoencoder,
  applyMap,
  type ImageArray,
  isBinary,
  loadDecoder,
  logLikelihood,
  type ModelSource,
  mapToUnit,
  type OpenedModels,
} from '../models/index.js';
import type { Decoder } from './decoder.js';
import type { RepairModel } from './model.js';

/** Training images that decoded draws are compared with. */
const TRAINING = 20_000;
/** Images that features are learned from. */
const LEARNED = 60_000;

/** Some images of an array. */
interface Part {
  readonly images: ImageArray;
  readonly rows: Uint32Array;
}

const everyRow = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);

const labelsAt = ({ images, rows }: Part): number[] | undefined =>
  images.labels && Array.from(rows, (row) => images.labels![row]!);

/** Training and held-out parts: without held-out images one half of the others, by the seed. */
const partsOf = ({ images: { train, test } }: OpenedModels, seed: number): { train: Part; test: Part } => {
  if (test)
    return { train: { images: train, rows: everyRow(train.n) }, test: { images: test, rows: everyRow(test.n) } };
  const split = halves(train.n, seed);
  return { train: { images: train, rows: split.train }, test: { images: train, rows: split.test } };
};

const unitRows = (auto: Autoencoder, { images, rows }: Part, most: number, seed: number): Float32Array => {
  const taken = sampleRows(rows.length, most, seed);
  const out = new Float32Array(taken.length * images.pixels);
  taken.forEach((at, i) => {
    out.set(auto.unit(images, rows[at]!, rows[at]! + 1), i * images.pixels);
  });
  return out;
};

const bytesOf = (auto: Autoencoder, part: Part, sides: Pick<ImageSet, 'width' | 'height'>): ImageSet => {
  const rows = part.rows.subarray(0, LEARNED);
  const unit = unitRows(auto, { ...part, rows }, rows.length, 0);
  const labels = labelsAt({ ...part, rows });
  return {
    pixels: Uint8Array.from(unit, (value) => Math.round(255 * Math.min(1, Math.max(0, value)))),
    count: rows.length,
    ...sides,
    ...(labels?.every((label) => Number.isInteger(label) && label >= 0 && label < 256) && {
      labels: Uint8Array.from(labels),
    }),
  };
};

/** Sides of an image: of unknown ones, a single row. */
const sidesOf = ({ fit }: Autoencoder, pixels: number) => {
  const channels = fit.channels ?? 1;
  const size = imageSize(pixels / channels, fit);
  return { known: size && { ...size, channels, planar: fit.layout !== 'nhwc' }, row: { width: pixels, height: 1 } };
};

export interface UserSource {
  readonly input: AuditInput;
  readonly decoder?: Decoder;
  readonly model?: RepairModel;
}

/** What a repair needs of a user's models: codes in two parts, and of a decoder its images and what they are held to. */
export const userSource = async (opened: OpenedModels, options: ExtractorOptions): Promise<UserSource> => {
  const { auto, found } = opened;
  const { seed } = options;
  const parts = partsOf(opened, seed);
  const codesAt = (part: Part, codes: Codes): Codes =>
    part.rows.length === codes.n ? codes : selectRows(codes, part.rows);
  const labels = labelsAt(parts.train);
  const { train, test } = found.codes;
  const input: AuditInput = {
    ...found.input,
    train: codesAt(parts.train, train),
    test: codesAt(parts.test, test ?? train),
    ...(labels && { labels }),
  };
  if (!auto.decoder) return { input };
  const { loaded, likelihood, space, map, decodeUnit } = auto.decoder;
  const { pixels } = parts.test.images;
  const { known, row } = sidesOf(auto, pixels);
  const { scale, offset } = auto.scaling.toUnit;
  const isDensity = likelihood.kind === 'gaussian' ? likelihood.sigma !== undefined : isBinary(auto, parts.test.images);
  const flat = known && known.channels === 1 ? known : row;
  const bytes = (part: Part) => (): ImageSet => bytesOf(auto, part, flat);
  return {
    input,
    decoder: {
      bytes: loaded.asModel(map),
      name: loaded.source.name,
      ...known,
      decode: decodeUnit,
      release: () => Promise.resolve(),
    },
    model: {
      pixels,
      decode: decodeUnit,
      ...(isDensity && {
        likelihood: async (x, z) => {
          const output = await loaded.decode(z);
          const draws = output.length / x.length;
          const compared = space === 'fed' ? x.map((value) => (value - offset) / scale) : x;
          return logLikelihood(likelihood, draws === 1 ? compared : repeated(compared, pixels, draws), output, pixels);
        },
      }),
      heldOut: unitRows(auto, parts.test, parts.test.rows.length, seed),
      training: unitRows(auto, parts.train, TRAINING, seed),
      extractor: await chooseExtractor({ train: bytes(parts.train), test: bytes(parts.test) }, flat, options),
    },
  };
};

/** Each row so many times, one after the other. Shapes: [n, P] -> [n K, P]. */
const repeated = (rows: Float32Array, width: number, times: number): Float32Array => {
  const out = new Float32Array(rows.length * times);
  for (let i = 0; i < rows.length / width; i++) {
    const row = rows.subarray(i * width, (i + 1) * width);
    for (let k = 0; k < times; k++) out.set(row, (i * times + k) * width);
  }
  return out;
};

/**
 * A user's decoder beside codes alone: what its values mean can be told by their range alone.
 *
 * Throws: InputError for a decoder of other latents, or one that does not run.
 */
export const decoderBesideCodes = async (source: ModelSource, latents: number, runtime: Runtime): Promise<Decoder> => {
  const loaded = await loadDecoder(source, { shape: [latents], encoder: 'the codes have', runtime });
  const map = await mapToUnit(loaded, latents);
  return {
    bytes: loaded.asModel(map),
    name: source.name,
    decode: async (z) => applyMap(map, await loaded.decode(z)),
    release: loaded.release,
  };
};
