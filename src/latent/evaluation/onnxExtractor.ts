import { InputError, ShapeError } from '../../engine/errors/index.js';
import { adaptModel, checkModel, type Port, portsOf, shownPort, shownPorts } from '../../engine/onnx/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import { contentHash } from './contentHash.js';
import type { FeatureExtractor } from './extractor.js';
import { type Features, featureRows } from './features.js';
import { resized } from './resize.js';

/** What pixels of 0 … 1 are given as. */
export const EXTRACTOR_RANGES = ['0..1', '-1..1', '0..255'] as const;
export type ExtractorRange = (typeof EXTRACTOR_RANGES)[number];

export interface OnnxExtractorOptions {
  /** Of the file: what readers and messages know it by. */
  readonly name: string;
  /** Of the images. */
  readonly width: number;
  readonly height: number;
  readonly runtime: Runtime;
  /** Output that holds the features; needed where there are several and none is called features, embedding or pool. */
  readonly output?: string | undefined;
  /** What it takes; unless told 0 … 255 of a model that takes whole numbers, else 0 … 1. */
  readonly range?: ExtractorRange | undefined;
}

/** How an extractor takes an image. */
interface Intake {
  /** Axes of one image as the model takes them. */
  readonly row: readonly number[];
  readonly channels: number;
  /** Whether the values of a pixel lie side by side. */
  readonly channelsLast: boolean;
  readonly width: number;
  readonly height: number;
  /** Whether pixels are whole numbers: a cast would cut off what rounding keeps. */
  readonly whole: boolean;
}

const SCALES: Readonly<Record<ExtractorRange, { readonly scale: number; readonly offset: number }>> = {
  '0..1': { scale: 1, offset: 0 },
  '-1..1': { scale: 2, offset: -1 },
  '0..255': { scale: 255, offset: 0 },
};
const TELLING = /^(features?|embeddings?|pool.*)$/i;
/** Values that are fed at once: 32 MB. */
const AT_ONCE = 8e6;

/** Throws: InputError for axes that are no image of 1 or 3 channels. */
const intakeOf = (
  input: Port,
  images: { readonly width: number; readonly height: number },
  name: string,
): Omit<Intake, 'whole'> => {
  const sizes = input.dims?.slice(1) ?? [undefined];
  const told = (size: number | string | undefined): number | undefined => (typeof size === 'number' ? size : undefined);
  const pixels = images.width * images.height;
  if (sizes.length === 1) {
    const size = told(sizes[0]) ?? pixels;
    if (size === pixels) return { row: [pixels], channels: 1, channelsLast: true, ...images };
    if (size === 3 * pixels) return { row: [size], channels: 3, channelsLast: false, ...images };
    throw new InputError(
      `${name}: expected an extractor of ${pixels} pixels (${images.width} × ${images.height}), or of three times as many, got input ${shownPort(input)}`,
    );
  }
  const [a, b, c] = sizes.map(told);
  const isColour = (size: number | undefined): boolean => size === 1 || size === 3;
  if (sizes.length === 3 && isColour(a)) {
    const [height, width] = [b ?? images.height, c ?? images.width];
    return { row: [a!, height, width], channels: a!, channelsLast: false, width, height };
  }
  if (sizes.length === 3 && isColour(c)) {
    const [height, width] = [a ?? images.height, b ?? images.width];
    return { row: [height, width, c!], channels: c!, channelsLast: true, width, height };
  }
  if (sizes.length === 2) {
    const [height, width] = [a ?? images.height, b ?? images.width];
    return { row: [height, width], channels: 1, channelsLast: true, width, height };
  }
  throw new InputError(
    `${name}: expected an extractor of images [n, P], [n, H, W], [n, C, H, W] or [n, H, W, C] with C 1 or 3, got input ${shownPort(input)}`,
  );
};

const featuresOf = (outputs: readonly Port[], asked: string | undefined, name: string): Port => {
  const found =
    asked === undefined
      ? outputs.length === 1
        ? outputs[0]
        : outputs.find((output) => TELLING.test(output.name))
      : outputs.find((output) => output.name === asked);
  if (found) return found;
  const wanted = asked === undefined ? 'one output, or --extractor-output with one of them' : `an output ${asked}`;
  throw new InputError(`${name}: expected ${wanted}, got ${shownPorts(outputs)}`);
};

/** Grey pixels in 0 … 1 as the extractor takes them. Shapes: [n, P] -> [n, Π row]. */
const fedRows = (x: Float32Array, from: Intake, range: ExtractorRange): Float32Array => {
  const { scale, offset } = SCALES[range];
  const { channels, channelsLast, width, height, whole } = from;
  const pixels = width * height;
  const n = x.length / pixels;
  const out = new Float32Array(x.length * channels);
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < pixels; p++) {
      const exact = scale * x[i * pixels + p]! + offset;
      const value = whole ? Math.round(exact) : exact;
      for (let c = 0; c < channels; c++) {
        out[i * pixels * channels + (channelsLast ? p * channels + c : c * pixels + p)] = value;
      }
    }
  }
  return out;
};

/**
 * Features of any network that a user has as ONNX: one input of images, one output of features, flattened to [n, F].
 *
 * Grey images are given to three channels alike. Where the network takes images of another size they are scaled to it by
 * bilinear interpolation, which its name then says. A network made for a fixed number of images is given as many, the
 * last ones blank. What it is, is never guessed: the distance is called by its file.
 *
 * Throws: InputError for a file that is no such network.
 */
export const onnxExtractor = async (
  bytes: Uint8Array,
  { name, width, height, runtime, output, range: asked }: OnnxExtractorOptions,
): Promise<FeatureExtractor> => {
  checkModel(bytes, name);
  const { inputs, outputs } = portsOf(bytes, name);
  const [input] = inputs;
  if (!input || inputs.length > 1) {
    throw new InputError(`${name}: expected an extractor with one input, got ${shownPorts(inputs)}`);
  }
  const whole = input.dtype !== undefined && !input.dtype.includes('float');
  const intake = { ...intakeOf(input, { width, height }, name), whole };
  const features = featuresOf(outputs, output, name);
  const range = asked ?? (whole ? '0..255' : '0..1');
  const adapted = adaptModel(bytes, name, {
    input: input.name,
    as: 'x',
    row: intake.row,
    outputs: [{ name: features.name, as: 'features' }],
  });
  const pixels = width * height;
  const scaled = intake.width !== width || intake.height !== height;
  const extract = async (x: Float32Array): Promise<Features> => {
    const { n } = featureRows(x, pixels);
    const size = intake.row.reduce((product, axis) => product * axis, 1);
    const rows = Math.max(1, Math.floor(AT_ONCE / size));
    const session = await runtime.load(adapted);
    const blocks: Float32Array[] = [];
    try {
      for (let start = 0; start < n; start += rows) {
        const some = x.subarray(start * pixels, Math.min(n, start + rows) * pixels);
        const fed = fedRows(scaled ? resized(some, { width, height }, intake) : some, intake, range);
        const result = (await session.run({ x: float32(fed, [fed.length / size, size]) })).features!;
        if (result.shape[0] !== fed.length / size) {
          throw new InputError(
            `${name}: expected a row of features for each of ${fed.length / size} images, got ${result.shape[0]}`,
          );
        }
        blocks.push(result.data as Float32Array);
      }
    } finally {
      await session.release();
    }
    return joinedFeatures(blocks, n, name);
  };
  const probe = await extract(new Float32Array(pixels));
  const size = scaled ? `, images scaled to ${intake.width} × ${intake.height}` : '';
  return {
    name: `${name}, its output ${features.name} (pixels as ${range}${size})`,
    kind: 'user',
    distance: `Fréchet distance over ${name}`,
    width: probe.width,
    hash: contentHash([bytes]),
    extract,
  };
};

/** Throws: ShapeError for blocks of no one width, InputError for a feature that is not finite. */
const joinedFeatures = (blocks: readonly Float32Array[], n: number, name: string): Features => {
  const values = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    values.set(block, at);
    at += block.length;
  }
  const width = values.length / n;
  if (!Number.isInteger(width)) {
    throw new ShapeError(`${name}: expected rows of one width for ${n} images, got ${values.length} features`);
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const place = `feature ${bad % width} of image ${Math.floor(bad / width)}`;
    throw new InputError(`${name}: expected finite features, got ${values[bad]} as ${place}`);
  }
  return { values, n, width };
};
