/** A user's encoder: rows of pixels in, posteriors or draws out. */
import { InputError } from '../../engine/errors/index.js';
import { adaptModel, type Port, shownPorts } from '../../engine/onnx/index.js';
import type { Runtime, Session } from '../../engine/runtime/index.js';
import type { Codes } from '../audit/codes.js';
import { fedRows, type ImageArray } from './images.js';
import type { Fit } from './layout.js';
import { type Recognised, recogniseOutputs, SCALES, type Scale, type Told, type TrialOutput } from './outputs.js';
import type { Affine } from './range.js';
import { loadModel, type ModelSource, rowsAtOnce, runRows } from './session.js';

/** Images that the outputs are told by. */
const TRIAL = 64;
/** Own draws that are kept to check the posteriors by. */
const MOST_DRAWS = 10_000;
/** Stands in a message for the values of an output. */
const NUMBERS = ['float32', 'float16', 'float64', 'bfloat16'];

/** Codes with what they were made from. */
export interface Encoded {
  readonly codes: Codes;
  /** The scale as the encoder gives it. [N, D] */
  readonly scale?: Float32Array;
  /** The encoder's own draws for the first images. [m, D] */
  readonly z?: Float32Array;
}

export interface Encoder {
  readonly name: string;
  readonly outputs: readonly TrialOutput[];
  readonly roles: readonly Recognised[];
  readonly scale: Scale | undefined;
  /** Axes of one code: [D], or [C, h, w]. */
  readonly shape: readonly number[];
  readonly latents: number;
  encode(images: ImageArray, scaling: Affine, onProgress: (done: number) => void): Promise<Encoded>;
  release(): Promise<void>;
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

/** The one input of a model. Throws: InputError with what it takes. */
export const onlyInput = ({ name, ports }: ModelSource, what: string): Port => {
  const [port] = ports.inputs;
  if (port && ports.inputs.length === 1) return port;
  throw new InputError(`${name}: expected one input, ${what}, got ${shownPorts(ports.inputs)}`);
};

/** Outputs that hold real numbers. */
const usable = ({ ports, name }: ModelSource): Port[] => {
  const found = ports.outputs.filter(({ dtype }) => dtype !== undefined && NUMBERS.includes(dtype));
  if (found.length > 0) return found;
  throw new InputError(`${name}: expected outputs of real numbers, got ${shownPorts(ports.outputs)}`);
};

const rowOf = (shape: readonly number[], rows: number, name: string, output: string): number[] => {
  const row = shape.slice(1);
  if (shape[0] === rows) return row.length === 0 ? [1] : row;
  throw new InputError(`${name}: expected output ${output} of ${rows} rows, got [${shape.join(', ')}]`);
};

export interface EncoderOptions {
  readonly fit: Fit;
  readonly told: Told;
  /** Values that the decoder takes, where there is one that says so. */
  readonly latents: number | undefined;
  readonly runtime: Runtime;
}

/** An encoder that runs, before its outputs are told. */
export interface LoadedEncoder {
  readonly source: ModelSource;
  readonly session: Session;
}

/** Throws: InputError for a model of other ports, or one that does not run. */
export const loadEncoder = async (source: ModelSource, fit: Fit, runtime: Runtime): Promise<LoadedEncoder> => {
  const input = onlyInput(source, 'images');
  const adapted = adaptModel(source.bytes, source.name, {
    input: input.name,
    as: 'x',
    row: fit.row,
    outputs: usable(source).map(({ name }) => ({ name, as: name === 'x' ? 'x_given' : name, shaped: true })),
  });
  return { source, session: await loadModel(runtime, adapted, source.name) };
};

/** What an encoder gives for the first images, run twice: a draw differs. */
export const tryEncoder = async (
  { source, session }: LoadedEncoder,
  images: ImageArray,
  fit: Fit,
  scaling: Affine,
): Promise<TrialOutput[]> => {
  const n = Math.min(TRIAL, images.n);
  const rows = fedRows(images, fit, scaling, 0, n);
  const [first, second] = [
    await runRows(session, rows, images.pixels, source.name),
    await runRows(session, rows, images.pixels, source.name),
  ];
  return session.outputs.map((name) => {
    const [values, again] = [first[name]!.data as Float32Array, second[name]!.data as Float32Array];
    const row = rowOf(first[name]!.shape, n, source.name, name);
    return { name, row, values, varies: values.some((value, i) => value !== again[i]) };
  });
};

const sigmaOf: Readonly<Record<Scale, (value: number) => number>> = {
  sigma: (value) => value,
  var: (value) => Math.sqrt(value),
  log_var: (value) => Math.exp(value / 2),
  log_sigma: (value) => Math.exp(value),
};

/** Standard deviations from the values of a scale, in float64 before they are rounded. */
export const sigmasOf = (scale: Scale, values: Float32Array): Float32Array => Float32Array.from(values, sigmaOf[scale]);

/** mu and log_var out of `moments`: halves of the channels of a map, or of the values of a row. */
const halvesOf = (
  values: Float32Array,
  row: readonly number[],
  layout: Fit['layout'],
): [Float32Array, Float32Array] => {
  const size = product(row);
  const last = layout === 'nhwc' || row.length === 1;
  const channels = last ? row.at(-1)! : row[0]!;
  const inner = last ? 1 : size / channels;
  const half = channels / 2;
  const parts = [new Float32Array(values.length / 2), new Float32Array(values.length / 2)] as [
    Float32Array,
    Float32Array,
  ];
  for (let at = 0, to = [0, 0]; at < values.length; at++) {
    const part = Math.floor(at / inner) % channels < half ? 0 : 1;
    parts[part]![to[part]!++] = values[at]!;
  }
  return parts;
};

const halved = (row: readonly number[], layout: Fit['layout'], name: string): number[] => {
  const axis = layout === 'nhwc' || row.length === 1 ? row.length - 1 : 0;
  if (row[axis]! % 2 === 0) return row.map((size, i) => (i === axis ? size / 2 : size));
  throw new InputError(
    `${name}: expected moments of an even number of values, mu and log_var, got [n, ${row.join(', ')}]`,
  );
};

/**
 * An encoder with its outputs told apart.
 *
 * Throws: InputError where they cannot be, or where the values are not finite.
 */
export const openEncoder = (
  loaded: LoadedEncoder,
  outputs: readonly TrialOutput[],
  { fit, told, latents: wanted }: EncoderOptions,
): Encoder => {
  const { source, session } = loaded;
  const { name } = source;
  const roles = recogniseOutputs(outputs, { told, latents: wanted, encoder: name });
  const outputOf = (role: Recognised['role']): TrialOutput | undefined => {
    const found = roles.find((each) => each.role === role);
    return found && outputs.find((output) => output.name === found.name);
  };
  const moments = outputOf('moments');
  const scale = moments ? 'log_var' : SCALES.find((each) => outputOf(each));
  const mu = outputOf('mu');
  const scales = scale && outputOf(scale);
  const z = outputOf('z');
  const shape = moments ? halved(moments.row, fit.layout, name) : (mu ?? z)!.row;
  const latents = product(shape);

  const encode: Encoder['encode'] = async (images, scaling, onProgress) => {
    const posteriors = moments !== undefined || scales !== undefined;
    const all = {
      mu: new Float32Array(images.n * latents),
      scale: new Float32Array(posteriors ? images.n * latents : 0),
    };
    const draws = posteriors && z ? new Float32Array(Math.min(images.n, MOST_DRAWS) * latents) : undefined;
    const block = rowsAtOnce(images.pixels);
    for (let from = 0; from < images.n; from += block) {
      const to = Math.min(images.n, from + block);
      const given = await runRows(session, fedRows(images, fit, scaling, from, to), images.pixels, name);
      const finite = (output: TrialOutput): Float32Array => {
        const values = given[output.name]!.data as Float32Array;
        const wrong = values.findIndex((value) => !Number.isFinite(value));
        if (wrong < 0) return values;
        const image = from + Math.floor(wrong / product(output.row));
        throw new InputError(
          `${name}: expected finite numbers in output ${output.name}, got ${values[wrong]} for image ${image} of ${images.name}`,
        );
      };
      const [means, widths] = moments
        ? halvesOf(finite(moments), moments.row, fit.layout)
        : [finite((mu ?? z)!), scales && finite(scales)];
      all.mu.set(means, from * latents);
      if (widths) all.scale.set(widths, from * latents);
      if (draws && from * latents < draws.length) {
        draws.set(finite(z!).subarray(0, draws.length - from * latents), from * latents);
      }
      onProgress(to);
    }
    if (!posteriors || !scale) return { codes: { z: all.mu, n: images.n, latents } };
    const codes = { mu: all.mu, sigma: sigmasOf(scale, all.scale), n: images.n, latents };
    return { codes, scale: all.scale, ...(draws && { z: draws }) };
  };
  return { name, outputs, roles, scale, shape, latents, encode, release: () => session.release() };
};
