import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/index.js';
import { input, mul } from '../graph/index.js';
import { float32 } from '../runtime/index.js';
import { nodeRuntime } from '../runtime/node.js';
import { decodeModel } from './encode.js';
import { valueInfo } from './graph.js';
import { type Join, joinModels } from './join.js';
import { toBatchModel } from './model.js';
import { portsOf } from './ports.js';
import {
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataLocation as DataLocation,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
} from './proto/onnx_pb.js';

const info = { version: '0' };
const first = toBatchModel((n) => ({ z: mul(input('noise', [n, 2]), 3) }), info);
const join: Join = { from: 'z', into: 'latent', output: 'out', as: 'image', name: 'decoder.onnx' };

const graphProto = (graph: Partial<GraphProto>): GraphProto =>
  create(GraphProtoSchema, graph as Parameters<typeof create<typeof GraphProtoSchema>>[1]);

/** As another program would write it: a branch that takes values from around it, an operator and a domain of its own. */
const foreign = (changes: { version?: number; external?: boolean } = {}): Uint8Array => {
  const one = { name: 'one', dataType: 1, dims: [1n], floatData: [1] };
  const branch = (opType: string): GraphProto =>
    graphProto({
      name: opType,
      node: [{ opType, input: ['latent', 'one'], output: ['inside'], name: 'n' }] as never,
      output: [valueInfo('inside', 'float32', ['N', 2])],
    });
  const { GRAPH } = AttributeType;
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 9n,
      producerName: 'elsewhere',
      opsetImport: [
        { domain: '', version: BigInt(changes.version ?? 19) },
        { domain: 'com.example', version: 3n },
      ],
      metadataProps: [{ key: 'made', value: 'elsewhere' }],
      graph: graphProto({
        name: 'g',
        input: [valueInfo('latent', 'float32', ['N', 2]), valueInfo('one', 'float32', [1])],
        output: [valueInfo('out', 'float32', ['N', 2])],
        initializer: [
          { ...one, ...(changes.external && { dataLocation: DataLocation.EXTERNAL }) },
          { name: 'yes', dataType: 9, dims: [], int32Data: [1] },
        ] as never,
        node: [
          {
            opType: 'If',
            name: 'choice',
            input: ['yes'],
            output: ['chosen'],
            docString: 'kept',
            attribute: [
              { name: 'then_branch', type: GRAPH, g: branch('Add') },
              { name: 'else_branch', type: GRAPH, g: branch('Sub') },
            ],
          },
          { opType: 'Clip', name: 'clip', input: ['chosen', '', 'one'], output: ['out'] },
        ] as never,
      }),
    }),
  );
};

describe('two models as one', () => {
  it('give what they give one after the other', async () => {
    const session = await nodeRuntime().load(joinModels(first, foreign(), join, info));
    expect([session.inputs, session.outputs]).toEqual([['noise'], ['image']]);
    const out = await session.run({ noise: float32(Float32Array.of(-1, -0.5, 0.1, 2), [2, 2]) });
    // min(3 noise + 1, 1)
    expect(Array.from(out.image!.data as Float32Array)).toEqual([-2, -0.5, 1, 1]);
    await session.release();
  });

  it('keep nodes, attributes and domains of another program', () => {
    const { graph, opsetImport, irVersion } = decodeModel(joinModels(first, foreign(), join, info));
    const before = decodeModel(foreign()).graph!;
    const after = graph!.node.slice(-2);
    expect(after.map(({ opType, docString }) => [opType, docString])).toEqual([
      ['If', 'kept'],
      ['Clip', ''],
    ]);
    expect(after[1]!.input).toEqual(['second/chosen', '', 'second/one']);
    expect(after[0]!.attribute.map(({ name }) => name)).toEqual(['then_branch', 'else_branch']);
    expect(after[0]!.attribute[0]!.g!.node[0]!.input).toEqual(['first/z', 'second/one']);
    expect(graph!.initializer.find(({ name }) => name === 'second/one')!.floatData).toEqual(
      before.initializer[0]!.floatData,
    );
    expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([
      ['', 19n],
      ['com.example', 3n],
    ]);
    expect(irVersion).toBe(9n);
  });

  it('say what goes in and out', () => {
    const { inputs, outputs, metadata } = portsOf(
      joinModels(first, foreign(), join, { ...info, metadata: { a: 'b' } }),
      'm',
    );
    expect(inputs).toContainEqual({ name: 'noise', dtype: 'float32', dims: ['batch', 2] });
    expect(outputs).toEqual([{ name: 'image', dtype: 'float32', dims: ['batch', 2] }]);
    expect(metadata).toEqual({ a: 'b' });
  });

  it.each<[string, Uint8Array, Partial<Join>, string]>([
    ['no model', Uint8Array.of(1, 2, 3), {}, 'decoder.onnx: expected an ONNX model, got none'],
    ['an empty file', new Uint8Array(0), {}, 'decoder.onnx: expected an ONNX model, got none'],
    ['another input', foreign(), { into: 'z' }, 'decoder.onnx: expected one input z, got latent'],
    ['another output', foreign(), { output: 'y' }, 'decoder.onnx: expected an output y, got none of this name'],
    ['an old operator set', foreign({ version: 10 }), {}, 'expected operator set 11 or later, got 10; export it anew'],
    ['weights elsewhere', foreign({ external: true }), {}, 'expected one file that holds its weights'],
  ])('are refused: %s', (_, second, changes, message) => {
    const run = () => joinModels(first, second, { ...join, ...changes }, info);
    expect(run).toThrow(InputError);
    expect(run).toThrow(message);
  });
});
