import { InputError } from '../../engine/errors/index.js';
import { portsOf } from '../../engine/onnx/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import { joined } from '../../latent/repair/index.js';
import { noiseOf } from '../../latent/samplers/index.js';

/** Noise to draw from: so many rows by a seed, or an array [n, d] of a user's own. */
export type NoiseSource =
  | { readonly n: number; readonly seed: number }
  | { readonly name: string; readonly data: Float32Array; readonly shape: readonly number[] };

/** Draws at once. */
const BLOCK = 1000;

export interface Sampled {
  /** What they are: `image` of a generator, `z` of a sampler. */
  readonly what: 'image' | 'z';
  /** One draw a row. */
  readonly values: Float32Array;
  readonly shape: readonly [n: number, width: number];
  /** Of an image, where the file says so, or gives images of more axes than one. */
  readonly width?: number;
  readonly height?: number;
  readonly channels?: number;
  /** Channels one plane after the other. */
  readonly planar?: boolean;
}

const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;

type ImageShape = Pick<Sampled, 'width' | 'height' | 'channels' | 'planar'>;

const COLOURS = [1, 3];

/** What [n, H, W], [n, C, H, W] or [n, H, W, C] says of an image; nothing for rows of pixels. */
const shapeOfAxes = ([, ...axes]: readonly number[]): ImageShape => {
  const [a, b, c] = axes as [number, number, number];
  if (axes.length === 2) return { width: b, height: a };
  if (axes.length !== 3) return {};
  if (COLOURS.includes(a)) return { width: c, height: b, channels: a, planar: true };
  return COLOURS.includes(c) ? { width: b, height: a, channels: c, planar: false } : {};
};

/** What `zdist repair` wrote into the file, else what the axes say. */
const imageShape = (metadata: Readonly<Record<string, string>>, axes: readonly number[]): ImageShape => {
  const [width, height] = [whole(metadata['zdist.width']), whole(metadata['zdist.height'])];
  if (!width || !height) return shapeOfAxes(axes);
  const channels = whole(metadata['zdist.channels']) ?? 1;
  return { width, height, channels, planar: metadata['zdist.planar'] === 'true' };
};

/** The noise [n, d] itself. Throws: InputError for an array of another width, or one that holds no numbers. */
const noiseFrom = (source: NoiseSource, width: number): { readonly n: number; readonly values: Float32Array } => {
  if ('seed' in source) return { n: source.n, values: noiseOf(source.n, width, source.seed) };
  const { name, data, shape } = source;
  const [n] = shape;
  if (shape.length !== 2 || shape[1] !== width || !n) {
    throw new InputError(`${name}: expected noise [n, ${width}] as the model takes, got [${shape.join(', ')}]`);
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { n, values: data };
  const place = `row ${Math.floor(bad / width)}, column ${bad % width} (counted from 0)`;
  throw new InputError(`${name}: ${place}: expected a finite number, got ${data[bad]}`);
};

/**
 * Draws of a generator.onnx or sampler.onnx. From the noise of a seed the first ones of more draws are those of fewer;
 * from the same noise other programs draw the same, to rounding.
 *
 * Throws: InputError for a file that is neither, or noise of another width; `name` is that of the file.
 */
export const sampleGenerator = async (
  bytes: Uint8Array,
  name: string,
  source: NoiseSource,
  runtime: Runtime,
): Promise<Sampled> => {
  const { inputs, outputs, metadata } = portsOf(bytes, name);
  const noise = inputs.length === 1 && inputs[0]!.name === 'noise' ? inputs[0]!.dims?.[1] : undefined;
  const output = outputs.find((port) => port.name === 'image' || port.name === 'z')?.name;
  if (typeof noise !== 'number' || output === undefined) {
    const names = (ports: readonly { readonly name: string }[]): string => ports.map((port) => port.name).join(', ');
    const got = `input ${names(inputs) || 'none'} and output ${names(outputs)}`;
    throw new InputError(`${name}: expected a generator.onnx or sampler.onnx (noise to image or z), got ${got}`);
  }
  const { n, values } = noiseFrom(source, noise);
  const session = await runtime.load(bytes);
  try {
    const blocks: Float32Array[] = [];
    let axes: readonly number[] = [];
    for (let from = 0; from < n; from += BLOCK) {
      const to = Math.min(n, from + BLOCK);
      const fed = float32(values.subarray(from * noise, to * noise), [to - from, noise]);
      const drawn = (await session.run({ noise: fed }))[output]!;
      axes = drawn.shape;
      blocks.push(drawn.data as Float32Array);
    }
    const drawn = joined(blocks);
    return {
      what: output === 'image' ? 'image' : 'z',
      values: drawn,
      shape: [n, drawn.length / n],
      ...(output === 'image' && imageShape(metadata, axes)),
    };
  } finally {
    await session.release();
  }
};
