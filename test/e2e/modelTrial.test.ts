/** Foreign models that hang or crash: in a process of their own, which is built code. */

import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { input, mul } from '../../src/engine/graph/index.js';
import { toModel } from '../../src/engine/onnx/index.js';
import {
  TensorProto_DataType as DataType,
  TensorShapeProto_DimensionSchema as DimensionSchema,
  GraphProtoSchema,
  AttributeProto_AttributeType as Kind,
  NodeProtoSchema,
  TensorProtoSchema,
  TensorShapeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../../src/engine/onnx/proto/onnx_pb.js';
import { float32 } from '../../src/engine/runtime/index.js';
import { nodeRuntime } from '../../src/engine/runtime/node.js';
import { triedFirst } from '../../src/lab/models/trial.js';
import { changed } from '../support/userModels.js';

const PROCESS = fileURLToPath(new URL('../../dist/lab/models/trialProcess.js', import.meta.url));
const runtime = nodeRuntime();
const x = float32(Float32Array.of(1, 2), [1, 2]);
const doubling = toModel({ y: mul(input('x', [1, 2]), 2) }, { version: '0' });

const port = (name: string, elemType: DataType, sizes: readonly number[]): ValueInfoProto => {
  const dim = sizes.map((size) => create(DimensionSchema, { value: { case: 'dimValue', value: BigInt(size) } }));
  const value = { elemType, shape: create(TensorShapeProtoSchema, { dim }) };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } });
};
const identity = (from: string, to: string) =>
  create(NodeProtoSchema, { opType: 'Identity', input: [from], output: [to] });

/** y = x after a Loop without a limit whose condition stays true. */
const endless = changed(doubling, ({ graph }) => {
  const body = create(GraphProtoSchema, {
    name: 'body',
    input: [port('i', DataType.INT64, []), port('going', DataType.BOOL, []), port('value', DataType.FLOAT, [1, 2])],
    output: [port('goes', DataType.BOOL, []), port('next', DataType.FLOAT, [1, 2])],
    node: [identity('going', 'goes'), identity('value', 'next')],
  });
  graph!.initializer = [create(TensorProtoSchema, { name: 'on', dataType: DataType.BOOL, int32Data: [1] })];
  graph!.node = [
    create(NodeProtoSchema, {
      opType: 'Loop',
      input: ['', 'on', 'x'],
      output: ['y'],
      attribute: [{ name: 'body', type: Kind.GRAPH, g: body }],
    }),
  ];
});

describe('a model of unknown making', () => {
  it('runs as any other', async () => {
    const session = await triedFirst(runtime, 60, PROCESS).load(doubling);
    for (const _ of [1, 2]) expect((await session.run({ x })).y!.data).toEqual(Float32Array.of(2, 4));
    await session.release();
  });

  it('says itself what is wrong with it', async () => {
    const tried = triedFirst(runtime, 60, PROCESS);
    await expect(tried.load(Uint8Array.of(1, 2, 3))).rejects.toThrow(/protobuf/i);
    const session = await tried.load(doubling);
    await expect(session.run({})).rejects.toThrow('run: expected feeds x, got ');
    await session.release();
  });

  it('is given up where it never ends', async () => {
    const session = await triedFirst(runtime, 3, PROCESS).load(endless);
    await expect(session.run({ x })).rejects.toThrow('no end of it within 3 s');
    await session.release();
  });

  it('is given up where its process dies', async () => {
    const dying = fileURLToPath(new URL('../support/dyingTrial.mjs', import.meta.url));
    await expect(triedFirst(runtime, 60, dying).load(doubling)).rejects.toThrow('the end of its process (SIGSEGV)');
  });
});
