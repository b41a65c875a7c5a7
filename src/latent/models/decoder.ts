/** A user's decoder: codes in, images out, and what its values mean. */
import { didYouMean, InputError } from '../../engine/errors/index.js';
import { adaptModel, lastOperator, type Port, shownPort, shownPorts, type ValueMap } from '../../engine/onnx/index.js';
import type { Runtime } from '../../engine/runtime/index.js';
import { noiseOf } from '../samplers/draw.js';
import { onlyInput } from './encoder.js';
import type { Fit } from './layout.js';
import { type Likelihood, sigmoid } from './likelihood.js';
import type { Affine } from './range.js';
import { loadModel, type ModelSource, rowsAtOnce, runRows } from './session.js';

/** What the values of a decoder are: log-odds, values in 0 … 1, or values as the encoder is fed. */
export type OutputSpace = 'logits' | 'unit' | 'fed';

export interface LoadedDecoder {
  readonly source: ModelSource;
  readonly output: string;
  /** The output as it is, in the order that the encoder is fed. Shapes: z [n, D] -> [n, P] */
  decode(z: Float32Array): Promise<Float32Array>;
  /** The decoder as a model of `z` [batch, D] -> `mean` [batch, …], values in 0 … 1. */
  asModel(map: ValueMap): Uint8Array;
  release(): Promise<void>;
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

/** Values that a decoder declares to take: undefined where it leaves them open. */
export const declaredLatents = (source: ModelSource): number | undefined => {
  const { dims } = onlyInput(source, 'codes z');
  const sizes = dims?.slice(1).filter((size) => typeof size === 'number');
  return sizes && sizes.length > 0 && sizes.length === dims!.length - 1 ? product(sizes) : undefined;
};

/** Axes of one code as the decoder takes it. */
const rowOf = (source: ModelSource, shape: readonly number[], encoder: string): readonly number[] => {
  const input = onlyInput(source, 'codes z');
  const sizes = input.dims?.slice(1);
  const latents = product(shape);
  const wrong = new InputError(
    `${source.name}: expected a decoder of ${latents} latents as ${encoder} ([n, ${shape.join(', ')}]), got input ${shownPort(input)}`,
  );
  if (!sizes) return shape;
  const open = sizes.filter((size) => typeof size !== 'number').length;
  if (open === 0) {
    if (product(sizes as number[]) !== latents) throw wrong;
    return sizes as number[];
  }
  const row = sizes.length === shape.length ? shape : sizes.length === 1 ? [latents] : undefined;
  if (!row || sizes.some((size, i) => typeof size === 'number' && size !== row[i])) throw wrong;
  return row;
};

const MEAN = /(^|_)(mean|mu)(_|$)/i;
const NAMED = [/logit/i, MEAN, /recon|x_?hat|image|pixel|output|out|^x$/i];

/** The output that is an image of P values: as told, the only one of its size, or the one that is named for it. */
const chooseOutput = (
  source: ModelSource,
  sizes: ReadonlyMap<string, number>,
  pixels: number | undefined,
  told: string | undefined,
): string => {
  const { name, ports } = source;
  const names = ports.outputs.map((port) => port.name);
  if (told !== undefined) {
    if (sizes.get(told) === pixels) return told;
    const got = sizes.has(told) ? `one of ${sizes.get(told)} values` : `none of this name${didYouMean(told, names)}`;
    throw new InputError(
      `--outputs image=${told}: expected an output of ${pixels} values of ${name}, which gives ${shownPorts(ports.outputs)}, got ${got}`,
    );
  }
  const fitting = names.filter((each) => sizes.has(each) && (pixels === undefined || sizes.get(each) === pixels));
  // Without images to hold them to, means say more than log-odds.
  const order = pixels === undefined ? [MEAN, ...NAMED] : NAMED;
  const best = order.map((pattern) => fitting.find((each) => pattern.test(each))).find((each) => each !== undefined);
  const chosen = fitting.length === 1 ? fitting[0] : best;
  if (chosen !== undefined) return chosen;
  if (pixels === undefined) {
    throw new InputError(`${name}: expected one output, or one named mean, got ${shownPorts(ports.outputs)}`);
  }
  const given = [...sizes].map(([each, size]) => `${each} of ${size} values`).join(', ');
  throw new InputError(`${name}: expected an output of ${pixels} values, one for each of an image, got ${given}`);
};

/** The order that brings an image as the decoder gives it to the order that the encoder is fed; absent where they agree. */
const orderTo = (given: readonly number[], { row, layout }: Fit): number[] | undefined => {
  if (given.length !== 3 || row.length !== 3 || given.join() === row.join()) return undefined;
  const order = layout === 'nchw' ? [2, 0, 1] : [1, 2, 0];
  return order.every((axis, i) => given[axis] === row[i]) ? [0, ...order.map((axis) => axis + 1)] : undefined;
};

export interface DecoderOptions {
  /** Axes of one code as the encoder gives it. */
  readonly shape: readonly number[];
  /** How messages say where the codes come from: `enc.onnx gives`, `the codes have`. */
  readonly encoder: string;
  /** How images are given to the encoder; absent where there is none. */
  readonly fit?: Fit;
  /** Values of an image; absent where there is none. */
  readonly pixels?: number;
  /** Name of the output, where the user says it. */
  readonly image?: string | undefined;
  readonly runtime: Runtime;
}

const NUMBERS = ['float32', 'float16', 'float64', 'bfloat16'];
const isNumeric = ({ dtype }: Port): boolean => dtype !== undefined && NUMBERS.includes(dtype);

/** Throws: InputError for a model of other ports or sizes, or one that does not run. */
export const loadDecoder = async (source: ModelSource, options: DecoderOptions): Promise<LoadedDecoder> => {
  const { shape, encoder, fit, image, runtime } = options;
  const { name, bytes, ports } = source;
  const input = onlyInput(source, 'codes z');
  const row = rowOf(source, shape, encoder);
  const latents = product(shape);
  const adaptation = { input: input.name, as: 'z', row };
  const outputs = ports.outputs.filter(isNumeric);
  if (outputs.length === 0) {
    throw new InputError(`${name}: expected an output of real numbers, got ${shownPorts(ports.outputs)}`);
  }
  const trial = await loadModel(
    runtime,
    adaptModel(bytes, name, {
      ...adaptation,
      outputs: outputs.map((port, i) => ({ name: port.name, as: `output ${i}`, shaped: true })),
    }),
    name,
  );
  const given = await runRows(trial, new Float32Array(latents), latents, name).finally(() => trial.release());
  const rows = new Map(outputs.map((port, i) => [port.name, given[`output ${i}`]!.shape.slice(1)]));
  const sizes = new Map([...rows].map(([output, sides]) => [output, product(sides)]));
  const output = chooseOutput(source, sizes, options.pixels, image);
  const pixels = sizes.get(output)!;
  const order = fit && orderTo(rows.get(output)!, fit);
  const turned = { name: output, ...(order && { order }) };
  const sides = rows.get(output)!;
  const dims = ['batch', ...(order ? order.slice(1).map((axis) => sides[axis - 1]!) : sides)];
  const session = await loadModel(
    runtime,
    adaptModel(bytes, name, { ...adaptation, outputs: [{ ...turned, as: 'raw' }] }),
    name,
  );
  return {
    source,
    output,
    decode: async (z) => {
      const n = z.length / latents;
      const out = new Float32Array(n * pixels);
      const block = rowsAtOnce(pixels);
      for (let from = 0; from < n; from += block) {
        const part = z.subarray(from * latents, Math.min(n, from + block) * latents);
        const values = (await runRows(session, part, latents, name)).raw!.data as Float32Array;
        const wrong = values.findIndex((value) => !Number.isFinite(value));
        if (wrong >= 0) {
          throw new InputError(
            `${name}: expected finite numbers in output ${output}, got ${values[wrong]} for code ${from + Math.floor(wrong / pixels)}`,
          );
        }
        out.set(values, from * pixels);
      }
      return out;
    },
    asModel: (map) =>
      adaptModel(bytes, name, { ...adaptation, outputs: [{ ...turned, as: 'mean', map, shaped: true, dims }] }),
    release: () => session.release(),
  };
};

/** Mean square of the differences. */
const squared = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
};

export interface Meaning {
  readonly space: OutputSpace;
  /** Mean squared error of the first images, in units of 0 … 1. */
  readonly error: number;
  /** Least and largest value. */
  readonly range: readonly [number, number];
  /** The operator that makes them gives −1 … 1. */
  readonly signed: boolean;
}

/** Rounding of half precision. */
const SLACK = 1e-3;

const rangeOf = (values: Float32Array): [number, number] => {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
};

/** Whether values are bound to 0 … 1 by the operator that makes them, or happen to lie there. */
const isUnit = (last: string | undefined, [min, max]: readonly [number, number]): boolean =>
  last === 'Sigmoid' || last === 'HardSigmoid' || (min >= -SLACK && max <= 1 + SLACK);

/**
 * What a decoder's values are, by the operator that makes them and by their range; where both leave it open, by what is
 * nearest to the images.
 *
 * Shapes: unit, the images in 0 … 1, and raw, what the decoder gives for their codes, [n, P].
 */
export const meaningOf = (
  decoder: Pick<LoadedDecoder, 'source' | 'output'>,
  raw: Float32Array,
  unit: Float32Array,
  toUnit: Affine,
): Meaning => {
  const [min, max] = rangeOf(raw);
  const errors: Readonly<Record<OutputSpace, () => number>> = {
    logits: () => squared(raw.map(sigmoid), unit),
    unit: () => squared(raw, unit),
    fed: () =>
      squared(
        raw.map((value) => toUnit.scale * value + toUnit.offset),
        unit,
      ),
  };
  const last = lastOperator(decoder.source.bytes, decoder.output, decoder.source.name);
  const others: OutputSpace[] = isUnit(last, [min, max]) ? ['unit', 'fed'] : ['fed', 'logits'];
  const candidates: OutputSpace[] = last === 'Tanh' ? ['fed'] : others;
  const measured = candidates.map((space) => ({
    space,
    error: errors[space](),
    range: [min, max] as const,
    signed: last === 'Tanh',
  }));
  return measured.reduce((best, each) => (each.error < best.error ? each : best));
};

/** Draws of N(0, I) that a decoder's range is told by. */
const TRIED = 64;

/** From a decoder's values to 0 … 1 where there are no images: by the operator that makes them, and by their range. */
export const mapToUnit = async (decoder: LoadedDecoder, latents: number): Promise<ValueMap> => {
  const { source, output } = decoder;
  const last = lastOperator(source.bytes, output, source.name);
  if (last === 'Tanh') return { scale: 0.5, offset: 0.5 };
  const range = rangeOf(await decoder.decode(noiseOf(TRIED, latents, 1)));
  return isUnit(last, range) || !/logit/i.test(output) ? 'identity' : 'sigmoid';
};

/** The meaning that a likelihood implies. */
export const spaceOf = ({ kind }: Likelihood): OutputSpace =>
  kind === 'bernoulli-logits' ? 'logits' : kind === 'bernoulli' ? 'unit' : 'fed';

/** From the decoder's values to 0 … 1. */
export const unitMap = (space: OutputSpace, toUnit: Affine): ValueMap => {
  if (space === 'logits') return 'sigmoid';
  return space === 'unit' || (toUnit.scale === 1 && toUnit.offset === 0) ? 'identity' : toUnit;
};

export const applyMap = (map: ValueMap, values: Float32Array): Float32Array => {
  if (map === 'identity') return values;
  return map === 'sigmoid' ? values.map(sigmoid) : values.map((value) => map.scale * value + map.offset);
};
