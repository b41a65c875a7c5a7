import { InputError } from '../../engine/errors/index.js';
import { checkModel, decodeModel } from '../../engine/onnx/index.js';
import type { MlpConfig } from '../architectures/index.js';
import type { Part } from '../regimes/index.js';
import type { Weights } from './record.js';
import type { TrainStart } from './state.js';
import { shapesOf } from './step.js';

/** What `encoderModel` and `decoderModel` wrote down of a VAE. */
export interface SavedVae {
  readonly model: MlpConfig;
  readonly weights: Readonly<Weights>;
}

interface SavedPart {
  readonly metadata: Readonly<Record<string, string>>;
  /** By the name of the parameter. */
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

const FLOAT = 1;

const readPart = (part: Part, bytes: Uint8Array): SavedPart => {
  checkModel(bytes, `the ${part}`);
  const { graph, metadataProps } = decodeModel(bytes);
  const metadata = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  if (metadata['zdist.part'] !== part) {
    const got = metadata['zdist.part'] ?? 'a model of another program';
    throw new InputError(`${part}: expected the ${part} that zdist saved of a training, got ${got}`);
  }
  const tensors = (graph?.initializer ?? [])
    .filter(({ dataType, rawData }) => dataType === FLOAT && rawData.length % 4 === 0)
    .map(({ name, dims, rawData }) => {
      const values = new Float32Array(rawData.slice().buffer);
      return [name, { shape: dims.map(Number), values }] as const;
    });
  return { metadata, tensors: new Map(tensors) };
};

/** Widths of the hidden layers, in the order of the encoder. */
const hiddenOf = ({ tensors }: SavedPart): number[] => {
  const widths: number[] = [];
  for (let i = 0; ; i++) {
    const weight = tensors.get(`encoder.${i}.weight`);
    if (weight === undefined) return widths;
    widths.push(weight.shape[1]!);
  }
};

const scaleOf = ({ metadata }: SavedPart): MlpConfig['scale'] => {
  const scale = metadata['zdist.scale'];
  if (scale === 'softplus' || scale === 'log_var') return scale;
  throw new InputError(`encoder: expected zdist.scale of softplus or log_var in its metadata, got ${scale ?? 'none'}`);
};

/** The parameters of a part one after the other, in the order of the model. */
const flat = (part: Part, model: MlpConfig, { tensors }: SavedPart): Float32Array => {
  const values = Object.entries(shapesOf(model)[part]).map(([name, shape]) => {
    const got = tensors.get(name);
    if (got?.shape.join() !== shape.join()) {
      throw new InputError(`${part}: expected ${name} [${shape.join(', ')}], got [${got?.shape.join(', ') ?? 'none'}]`);
    }
    return got.values;
  });
  const out = new Float32Array(values.reduce((n, { length }) => n + length, 0));
  values.reduce((end, each) => {
    out.set(each, end);
    return end + each.length;
  }, 0);
  return out;
};

/**
 * The model and weights of an encoder and a decoder that a training left, exactly as they were.
 *
 * Throws: InputError when one of them is no such ONNX file, or they do not belong together.
 */
export const readSaved = (encoder: Uint8Array, decoder: Uint8Array): SavedVae => {
  const parts = { encoder: readPart('encoder', encoder), decoder: readPart('decoder', decoder) };
  const head = parts.encoder.tensors.get('encoder.head.bias');
  const first = parts.encoder.tensors.get('encoder.0.weight') ?? parts.encoder.tensors.get('encoder.head.weight');
  if (!head || !first) throw new InputError('encoder: expected encoder.head.bias and weights, got none');
  const model = {
    pixels: first.shape[0]!,
    hidden: hiddenOf(parts.encoder),
    latents: head.values.length / 2,
    scale: scaleOf(parts.encoder),
  };
  return {
    model,
    weights: { encoder: flat('encoder', model, parts.encoder), decoder: flat('decoder', model, parts.decoder) },
  };
};

/** A training that begins at these weights; its optimizer begins anew. */
export const startFrom = (weights: Readonly<Weights>): TrainStart => ({
  state: { step: 0, weights, moments: {}, measured: { step: 0, weights } },
  curve: [],
  probes: [],
});
