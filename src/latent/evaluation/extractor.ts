import { InputError } from '../../engine/errors/index.js';
import { portsOf } from '../../engine/onnx/index.js';
import { float32, type Runtime } from '../../engine/runtime/index.js';
import type { Measured } from '../audit/result.js';
import { type Features, featureRows } from './features.js';

/** What a reader of numbers needs to know of the features that they were measured over. */
export interface ExtractorFacts {
  /** As a reader meets it: `classifier 784-256-64-10, its last hidden layer`. */
  readonly name: string;
  readonly kind: 'classifier' | 'principal components' | 'user';
  /** What the Fréchet distance over these features is called: `classifier Fréchet distance`. */
  readonly distance: string;
  /** Features of an image. */
  readonly width: number;
  /** Of its weights: 16 hexadecimal digits. */
  readonly hash: string;
  /** Of a classifier: the share of test images that it names rightly. */
  readonly accuracy?: Measured;
}

/** A named map from images to features. A user's own network is one too: measures ask for `extract` alone. */
export interface FeatureExtractor extends ExtractorFacts {
  /** `x` [batch, P] to `features`, its facts among the metadata: what `openExtractor` takes. */
  readonly onnx?: Uint8Array;
  /** Shapes: x [n, P] in 0 … 1 -> [n, width]. Throws: ShapeError for a part of a row. */
  extract(x: Float32Array): Promise<Features>;
}

/** Images in one call of the runtime. */
const BLOCK = 2000;

/** Runs a model `x` [batch, P] -> `features` [batch, width] over rows, block by block. */
export const extractWith =
  (model: Uint8Array, pixels: number, width: number, runtime: Runtime): FeatureExtractor['extract'] =>
  async (x) => {
    const { n } = featureRows(x, pixels);
    const values = new Float32Array(n * width);
    const session = await runtime.load(model);
    try {
      for (let start = 0; start < n; start += BLOCK) {
        const end = Math.min(n, start + BLOCK);
        const block = float32(x.subarray(start * pixels, end * pixels), [end - start, pixels]);
        values.set((await session.run({ x: block })).features!.data as Float32Array, start * width);
      }
    } finally {
      await session.release();
    }
    return { values, n, width };
  };

const FACTS = 'zdist.extractor';

/** Facts as the metadata of a model. */
export const extractorMetadata = ({ name, kind, distance, width, hash, accuracy }: ExtractorFacts) => ({
  [FACTS]: JSON.stringify({ name, kind, distance, width, hash, ...(accuracy && { accuracy }) }),
});

/**
 * An extractor out of its file, with the facts that it was kept with.
 *
 * Throws: InputError for a file that is no extractor; `name` is that of the file.
 */
export const openExtractor = (bytes: Uint8Array, name: string, runtime: Runtime): FeatureExtractor => {
  const { inputs, metadata } = portsOf(bytes, name);
  const pixels = inputs[0]?.dims?.[1];
  if (metadata[FACTS] === undefined || typeof pixels !== 'number') {
    throw new InputError(`${name}: expected a feature extractor, got a model that says nothing of features`);
  }
  const facts = JSON.parse(metadata[FACTS]) as ExtractorFacts;
  return { ...facts, onnx: bytes, extract: extractWith(bytes, pixels, facts.width, runtime) };
};

/** Bytes as x in 0 … 1. */
export const unitPixels = (bytes: Uint8Array): Float32Array => {
  const x = new Float32Array(bytes.length);
  for (let i = 0; i < x.length; i++) x[i] = bytes[i]! / 255;
  return x;
};
