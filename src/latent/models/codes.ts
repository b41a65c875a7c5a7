/** Codes of a user's images under a user's models, and what was found of both on the way. */
import { type Port, shownPort } from '../../engine/onnx/index.js';
import type { AuditInput, Codes, Measured, ModelFindings, ModelPort, Posteriors } from '../audit/index.js';
import { drawsOf, sampleRows, selectRows } from '../audit/split.js';
import { digits } from '../audit/wording.js';
import { meanOf } from '../evaluation/measured.js';
import { klToStandardNormal } from '../theory/index.js';
import type { Autoencoder, UserDecoder } from './autoencoder.js';
import type { Encoded } from './encoder.js';
import type { ImageArray } from './images.js';
import { likelihoodName, logLikelihood } from './likelihood.js';
import { checkReading } from './reading.js';
import type { ModelSource } from './session.js';
import { placesOf, rowsOfPlaces, spatialFindings } from './spatial.js';

/** Held-out images that are decoded for the score. */
const SCORED = 2000;
/** Images that both readings of a scale are decoded for. */
const READ = 500;

export interface ModelImages {
  readonly train: ImageArray;
  readonly test?: ImageArray | undefined;
}

export interface ModelCodes {
  /** What is audited: the codes, or of large codes with places the channels of each place. */
  readonly input: AuditInput;
  /** The codes themselves. */
  readonly codes: { readonly train: Codes; readonly test?: Codes };
  readonly findings: ModelFindings;
  readonly notes: readonly string[];
}

/** Models with their images, everything told apart. */
export interface OpenedModels {
  readonly auto: Autoencoder;
  readonly images: ModelImages;
  readonly found: ModelCodes;
}

export interface CodesOptions {
  readonly sources: { readonly encoder: ModelSource; readonly decoder?: ModelSource | undefined };
  readonly seed: number;
  readonly labels?: ArrayLike<number> | undefined;
  readonly onProgress: (what: string, share: number) => void;
}

const shapeOf = (port: Port): string => shownPort(port).slice(port.name.length + 1);
const portOf = (port: Port): ModelPort => ({ name: port.name, shown: shapeOf(port) });

interface Scored {
  readonly score: Float64Array;
  readonly error: Float64Array;
}

/** ln p(x | z) and squared error of some images, one draw each by the seed. Rows: which images. */
const scoreImages = async (
  auto: Autoencoder,
  decoder: UserDecoder,
  images: ImageArray,
  codes: Codes,
  { rows, seed }: { readonly rows: Uint32Array; readonly seed: number },
): Promise<Scored> => {
  const { pixels } = images;
  const { z } = drawsOf(selectRows(codes, rows), seed, 'test');
  const output = await decoder.loaded.decode(z);
  const unit = await decoder.decodeUnit(z);
  const fed = new Float32Array(output.length);
  const inUnit = new Float32Array(output.length);
  rows.forEach((row, i) => {
    fed.set(auto.fed(images, row, row + 1), i * pixels);
    inUnit.set(auto.unit(images, row, row + 1), i * pixels);
  });
  const { likelihood, space } = decoder;
  const known = likelihood.kind !== 'gaussian' || likelihood.sigma !== undefined;
  return {
    score: known ? logLikelihood(likelihood, space === 'fed' ? fed : inUnit, output, pixels) : new Float64Array(0),
    error: Float64Array.from({ length: rows.length }, (_, i) => {
      let sum = 0;
      for (let p = i * pixels; p < (i + 1) * pixels; p++) sum += (unit[p]! - inUnit[p]!) ** 2;
      return sum / pixels;
    }),
  };
};

const ratesOf = ({ mu, sigma, latents }: Posteriors, rows: Uint32Array): Float64Array =>
  Float64Array.from(rows, (row) => {
    const from = row * latents;
    return klToStandardNormal(mu.subarray(from, from + latents), sigma.subarray(from, from + latents));
  });

type Scores = Pick<ModelFindings, 'score' | 'crossEntropy' | 'elbo' | 'error'>;

/** Root of a mean, with the error that follows. */
const rootOf = (mean: Measured): Measured => {
  const { value, se = 0, n, seed } = mean;
  const root = Math.sqrt(value);
  return { value: root, se: root > 0 ? se / (2 * root) : 0, n, ...(seed !== undefined && { seed }), unit: 'of 0 … 1' };
};

const scoresOf = async (
  auto: Autoencoder,
  decoder: UserDecoder,
  images: ImageArray,
  codes: Codes,
  seed: number,
): Promise<Scores> => {
  const rows = sampleRows(images.n, SCORED, seed);
  const { score, error } = await scoreImages(auto, decoder, images, codes, { rows, seed });
  const rest = { unit: 'nats', seed };
  const measured = { error: rootOf(meanOf(error, rest)) };
  if (score.length === 0) return measured;
  const isDensity = decoder.likelihood.kind === 'gaussian' || isBinary(auto, images);
  if (!isDensity)
    return {
      ...measured,
      crossEntropy: meanOf(
        score.map((value) => -value),
        rest,
      ),
    };
  if (!('mu' in codes)) return { ...measured, score: meanOf(score, rest) };
  const rates = ratesOf(codes, rows);
  return {
    ...measured,
    score: meanOf(score, rest),
    elbo: meanOf(
      score.map((value, i) => value - rates[i]!),
      rest,
    ),
  };
};

/** Whether the images in 0 … 1 are 0 and 1 alone. */
export const isBinary = ({ scaling }: Pick<Autoencoder, 'scaling'>, { statistics }: ImageArray): boolean => {
  const ends = [statistics.min, statistics.max].map((value) => {
    const fed = scaling.toFed.scale * value + scaling.toFed.offset;
    return scaling.toUnit.scale * fed + scaling.toUnit.offset;
  });
  return statistics.binary && Math.abs(ends[0]!) < 1e-6 && Math.abs(ends[1]! - 1) < 1e-6;
};

const readingOf = async (
  auto: Autoencoder,
  images: ImageArray,
  { codes, scale, z }: Encoded,
  seed: number,
): Promise<Pick<ModelFindings, 'reading'>> => {
  const { encoder, decoder } = auto;
  if (!encoder.scale || !scale || !('mu' in codes)) return {};
  const rows = sampleRows(images.n, READ, seed);
  const scored = decoder && (decoder.likelihood.kind !== 'gaussian' || decoder.likelihood.sigma !== undefined);
  const elbo = async (posteriors: Posteriors): Promise<Float64Array> => {
    const { score } = await scoreImages(auto, decoder!, images, posteriors, { rows, seed });
    const rates = ratesOf(posteriors, rows);
    return score.map((value, i) => value - rates[i]!);
  };
  const { mu, n, latents } = codes;
  const output = encoder.roles.find(({ role }) => role === encoder.scale || role === 'moments')!.name;
  const values = { mu, scale, n, latents, used: encoder.scale, output };
  return { reading: await checkReading({ ...values, ...(z && { z }), ...(scored && { elbo }) }) };
};

const described = (
  auto: Autoencoder,
  images: ModelImages,
  { sources }: CodesOptions,
): Omit<ModelFindings, 'reading' | 'spatial' | keyof Scores> => {
  const { encoder, decoder, fit, scaling } = auto;
  const { train, test } = images;
  const size = ({ name, n, image }: ImageArray): string => `${name} [${[n, ...image].join(', ')}]`;
  const { min, max } = train.statistics;
  const roleOf = (name: string) => encoder.roles.find((each) => each.name === name);
  return {
    encoder: {
      name: encoder.name,
      inputs: sources.encoder.ports.inputs.map(portOf),
      outputs: sources.encoder.ports.outputs.map((port) => {
        const found = roleOf(port.name);
        return { ...portOf(port), ...(found && { role: found.role, by: found.by }) };
      }),
    },
    ...(decoder && {
      decoder: {
        name: decoder.loaded.source.name,
        inputs: decoder.loaded.source.ports.inputs.map(portOf),
        outputs: decoder.loaded.source.ports.outputs.map((port) => ({
          ...portOf(port),
          ...(port.name === decoder.loaded.output && { role: 'image' }),
        })),
        range: decoder.meaning.range,
      },
      likelihood: { text: likelihoodName(decoder.likelihood), by: decoder.by },
    }),
    images: {
      train: size(train),
      ...(test && { test: size(test) }),
      layout: `${fit.layout} [${fit.row.join(', ')}]`,
      own: `${digits(min)} … ${digits(max)} (${scaling.own})`,
      fed: scaling.fed,
    },
    shape: encoder.shape,
  };
};

const notesOf = (
  { likelihood, score, elbo, crossEntropy, error, decoder, reading, spatial }: ModelFindings,
  codes: Codes,
): string[] => {
  const notes: string[] = [];
  if (likelihood?.by === 'range' && decoder) {
    const output = decoder.outputs.find(({ role }) => role === 'image')!.name;
    const [min, max] = decoder.range.map(digits);
    notes.push(
      `${decoder.name}: ${output} gives ${min} … ${max} and is taken for ${likelihood.text}; --likelihood says otherwise.`,
    );
  }
  if (crossEntropy) notes.push('The images are grey: the cross-entropy is no likelihood, and there is no ELBO.');
  if (!score && !crossEntropy && error) {
    notes.push(
      `No ELBO without the deviation of pixels: --likelihood gaussian:SIGMA gives it; the root mean squared error is ${digits(error.value)} of 0 … 1.`,
    );
  }
  if (score && !elbo && !('mu' in codes)) notes.push('Draws of z alone have no rate, and so no ELBO.');
  if (reading && reading.consistent !== reading.used) notes.push(reading.text);
  if (spatial) {
    notes.push(
      `Codes are maps of ${spatial.shape.join(' × ')}: scaling factor ${digits5(spatial.scalingFactor)} makes their standard deviation 1.`,
    );
  }
  if (spatial?.audited === 'places') {
    notes.push(
      'The verdict is about the channels at single places of the map, each a code: maps as a whole are too large for it.',
    );
  }
  return notes;
};

/** Five significant digits: as scaling factors are published. */
const digits5 = (value: number): string => String(Number(value.toPrecision(5)));

/** Encodes the images, and finds out what there is to know of models, scale and places. */
export const modelCodes = async (
  auto: Autoencoder,
  images: ModelImages,
  options: CodesOptions,
): Promise<ModelCodes> => {
  const { seed, labels, onProgress } = options;
  const { encoder, decoder, fit, scaling } = auto;
  const { train, test } = images;
  const total = train.n + (test?.n ?? 0);
  const encoded = await encoder.encode(train, scaling.toFed, (done) => onProgress('encoding images', done / total));
  const held =
    test &&
    (await encoder.encode(test, scaling.toFed, (done) => onProgress('encoding images', (train.n + done) / total)));
  onProgress('looking at the models', 1);
  const codes = { train: encoded.codes, ...(held && { test: held.codes }) };
  const sides = placesOf(encoder.shape, fit.layout);
  const spatial = sides && spatialFindings(codes.train, sides, fit.layout, seed);
  const findings: ModelFindings = {
    ...described(auto, images, options),
    ...(decoder && (await scoresOf(auto, decoder, test ?? train, codes.test ?? codes.train, seed))),
    ...(await readingOf(auto, train, encoded, seed)),
    ...(spatial && { spatial }),
  };
  const audited = (part: Codes): Codes =>
    sides && spatial?.audited === 'places' ? rowsOfPlaces(part, sides, fit.layout, seed) : part;
  const source = (of: ImageArray): string => `${encoder.name} on ${of.name}`;
  const own = spatial?.audited === 'places' ? undefined : (labels ?? train.labels);
  return {
    input: {
      train: audited(codes.train),
      ...(codes.test && { test: audited(codes.test) }),
      ...(own && { labels: own }),
      sources: { train: source(train), ...(test && { test: source(test) }) },
      names: namesOf(encoder.roles, encoder.name),
    },
    codes,
    findings,
    notes: notesOf(findings, codes.train),
  };
};

const namesOf = (roles: Autoencoder['encoder']['roles'], encoder: string): Record<string, string> =>
  Object.fromEntries(
    ['', 'test '].flatMap((prefix) =>
      roles.map(({ role, name }) => {
        const array = role === 'mu' || role === 'z' ? role : role === 'moments' ? 'mu' : 'sigma';
        return [`${prefix}${array}`, `${encoder}: output ${name}${array === 'sigma' ? ` as ${role}` : ''}`];
      }),
    ),
  );
