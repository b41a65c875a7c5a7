import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type GraphProto, type ModelProto, ModelProtoSchema } from './proto/onnx_pb.js';

/** The operator set that every lowering is written for; ONNX Runtime 1.14 and later read it. */
export const OPSET = 18;
const IR_VERSION = 8n;

export interface ModelInfo {
  readonly version: string;
  readonly description?: string;
  /** Free key-value pairs, kept with the model (`metadata_props`). */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The bytes of an `.onnx` file that holds one graph. */
export const encodeModel = (graph: GraphProto, { version, description = '', metadata = {} }: ModelInfo): Uint8Array =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: IR_VERSION,
      opsetImport: [{ domain: '', version: BigInt(OPSET) }],
      producerName: 'zdist',
      producerVersion: version,
      docString: description,
      graph,
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    }),
  );

/** Reads an `.onnx` file. Fields it does not know are kept. */
export const decodeModel = (bytes: Uint8Array): ModelProto => fromBinary(ModelProtoSchema, bytes);
