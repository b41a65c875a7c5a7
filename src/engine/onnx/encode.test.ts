import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { runModel } from '../../../test/support/onnxValues.js';
import { exp, input } from '../graph/index.js';
import { float32 } from '../runtime/index.js';
import { decodeModel, OPSET, toModel } from './index.js';
import { ModelProtoSchema } from './proto/onnx_pb.js';

const info = { version: '1.2.3', description: 'eˣ', metadata: { preset: 'altosaar', σ: 'softplus' } };
const bytes = toModel({ y: exp(input('x', [2])) }, info);
const feeds = { x: float32(new Float32Array(2), [2]) };

describe('an encoded model', () => {
  test('says who made it, for which operators, and keeps its metadata', () => {
    const model = decodeModel(bytes);
    expect(model).toMatchObject({ producerName: 'zdist', producerVersion: '1.2.3', docString: 'eˣ', irVersion: 8n });
    expect(model.opsetImport).toMatchObject([{ domain: '', version: BigInt(OPSET) }]);
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([
      ['preset', 'altosaar'],
      ['σ', 'softplus'],
    ]);
  });

  test('comes out of decoding and encoding as the same bytes', () => {
    expect(toBinary(ModelProtoSchema, decodeModel(bytes))).toEqual(bytes);
  });

  test('is the same bytes each time it is made', () => {
    expect(toModel({ y: exp(input('x', [2])) }, info)).toEqual(bytes);
  });

  test('keeps fields that this version does not know, and still runs', async () => {
    // Field 2000, length-delimited, three bytes: what a later version of the format might add.
    const unknown = Uint8Array.from([0x82, 0x7d, 3, 1, 2, 3]);
    const longer = Uint8Array.from([...bytes, ...unknown]);
    const model = fromBinary(ModelProtoSchema, longer);
    expect(model.$unknown).toMatchObject([{ no: 2000 }]);
    const again = toBinary(ModelProtoSchema, decodeModel(longer));
    expect(again).toEqual(longer);
    expect(await runModel(again, feeds)).toEqual({ y: [1, 1] });
  });
});

test('bytes that are no model are refused', () => {
  expect(() => decodeModel(Uint8Array.from([255, 255, 255]))).toThrow();
});
