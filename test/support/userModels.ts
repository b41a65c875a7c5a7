/** Models as other programs write them: an encoder and a decoder of 4 × 4 images with known codes. */
import { create, toBinary } from '@bufbuild/protobuf';
import {
  concat,
  constant,
  exp,
  input,
  matmul,
  mul,
  neg,
  reshape,
  sigmoid,
  type Tensor,
  tanh,
} from '../../src/engine/graph/index.js';
import { decodeModel, toBatchModel, toModel } from '../../src/engine/onnx/index.js';
import {
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
} from '../../src/engine/onnx/proto/onnx_pb.js';
import { keyedStream } from '../../src/engine/random/index.js';

export const PIXELS = 16;
const info = { version: '0' };

/** Weights [rows, columns] by the seed. */
const weights = (rows: number, columns: number, seed: number, scale: number): Tensor => {
  const values = new Float32Array(rows * columns);
  keyedStream(seed, 'test/weights', 0).fillNormal(values);
  return constant(
    Array.from(values, (value) => value * scale),
    [rows, columns],
  );
};

type Trace = (batch: number) => Readonly<Record<string, Tensor>>;

/** Images [n, 1, 4, 4] in 0 … 1 -> mu, log_var [n, 2]; names may be others. */
export const encoderTrace =
  (names: readonly [string, string] = ['mu', 'log_var'], as: 'log_var' | 'sigma' | 'var' = 'log_var'): Trace =>
  (n) => {
    const x = reshape(input('x', [n, 1, 4, 4]), [n, PIXELS]);
    const logVar = neg(exp(mul(matmul(x, weights(PIXELS, 2, 2, 0.1)), 1)));
    const scale = { log_var: logVar, sigma: exp(mul(logVar, 0.5)), var: exp(logVar) }[as];
    return { [names[0]]: matmul(x, weights(PIXELS, 2, 1, 0.5)), [names[1]]: scale };
  };

/** z [n, 2] -> an image [n, 1, 4, 4] as log-odds, probabilities or values in −1 … 1. */
export const decoderTrace =
  (gives: 'logits' | 'mean' | 'signed' = 'logits', latents = 2): Trace =>
  (n) => {
    const logits = matmul(input('z', [n, latents]), weights(latents, PIXELS, 3, 1));
    const values = { logits, mean: sigmoid(logits), signed: tanh(logits) }[gives];
    return { image: reshape(values, [n, 1, 4, 4]) };
  };

/** An encoder of maps: images [n, 1, 4, 4] -> moments [n, 4, 2, 2], the first two channels mu. */
export const mapEncoderTrace: Trace = (n) => {
  const x = reshape(input('x', [n, 1, 4, 4]), [n, PIXELS]);
  const mu = mul(matmul(x, weights(PIXELS, 8, 5, 1)), 3);
  const logVar = neg(exp(matmul(x, weights(PIXELS, 8, 6, 0.1))));
  return { moments: reshape(concat([mu, logVar], 1), [n, 4, 2, 2]) };
};

export const anyBatch = (trace: Trace): Uint8Array => toBatchModel(trace, info);
export const fixedBatch = (trace: Trace, batch: number): Uint8Array => toModel(trace(batch), info);

/** n images of bytes, 0 or 255: bars of one of four columns and of some height. */
export const barImages = (n: number, seed = 1): Uint8Array => {
  const pixels = new Uint8Array(n * PIXELS);
  const stream = keyedStream(seed, 'test/bars', 0);
  for (let i = 0; i < n; i++) {
    const [column, height] = [stream.below(4), 1 + stream.below(4)];
    for (let p = 0; p < PIXELS; p++) {
      const lit = p % 4 === column && p / 4 < height;
      pixels[i * PIXELS + p] = lit !== (stream.below(12) === 0) ? 255 : 0;
    }
  }
  return pixels;
};

/** The model with something in its file changed. */
export const changed = (bytes: Uint8Array, change: (model: ModelProto) => void): Uint8Array => {
  const model = decodeModel(bytes);
  change(model);
  return toBinary(ModelProtoSchema, model);
};

/** The model as one of another operator set. */
export const ofOpset = (bytes: Uint8Array, version: number): Uint8Array =>
  changed(bytes, ({ opsetImport }) => {
    opsetImport[0]!.version = BigInt(version);
  });

/** The model with another first operator. */
export const ofOperator = (bytes: Uint8Array, domain: string, opType: string): Uint8Array =>
  changed(bytes, ({ graph }) => {
    Object.assign(graph!.node[0]!, { domain, opType });
  });

/** The model with its largest weights in another file. */
export const externalWeights = (
  bytes: Uint8Array,
  entries: Readonly<Record<string, string>>,
): { readonly model: Uint8Array; readonly weights: Uint8Array } => {
  let weights = new Uint8Array(0);
  const model = changed(bytes, ({ graph }) => {
    const tensor = graph!.initializer.reduce((most, each) => (each.rawData.length > most.rawData.length ? each : most));
    weights = tensor.rawData.slice();
    tensor.dataLocation = DataLocation.EXTERNAL;
    tensor.rawData = new Uint8Array(0);
    tensor.externalData = Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    );
  });
  return { model, weights };
};

/** The model with its inputs and outputs in half precision, as exporters of float16 models leave them. */
export const halfPrecision = (bytes: Uint8Array): Uint8Array =>
  changed(bytes, ({ graph }) => {
    const { node, input: inputs, output: outputs } = graph!;
    const cast = (from: string, to: string, type: DataType) =>
      create(NodeProtoSchema, {
        opType: 'Cast',
        input: [from],
        output: [to],
        attribute: [{ name: 'to', type: 2, i: BigInt(type) }],
      });
    for (const port of [...inputs, ...outputs]) {
      if (port.type?.value.case === 'tensorType') port.type.value.value.elemType = DataType.FLOAT16;
    }
    for (const port of inputs) {
      for (const each of node) each.input = each.input.map((name) => (name === port.name ? `${name}/single` : name));
      node.unshift(cast(port.name, `${port.name}/single`, DataType.FLOAT));
    }
    for (const port of outputs) {
      for (const each of node) each.output = each.output.map((name) => (name === port.name ? `${name}/single` : name));
      node.push(cast(`${port.name}/single`, port.name, DataType.FLOAT16));
    }
  });
