import { describe, expect, it } from 'vitest';
import {
  anyBatch,
  changed,
  decoderTrace,
  fixedBatch,
  halfPrecision,
  ofOpset,
} from '../../../test/support/userModels.js';
import { InputError } from '../errors/index.js';
import { input, mul } from '../graph/index.js';
import { float32 } from '../runtime/index.js';
import { nodeRuntime } from '../runtime/node.js';
import { type Adaptation, adaptModel } from './adapt.js';
import { decodeModel } from './encode.js';
import { joinModels } from './join.js';
import { toBatchModel } from './model.js';
import { lastOperator } from './producer.js';

const runtime = nodeRuntime();
const decoder = anyBatch(decoderTrace('logits'));
const adaptation: Adaptation = { input: 'z', as: 'code', row: [2], outputs: [{ name: 'image', as: 'mean' }] };
const z = Float32Array.from({ length: 10 }, (_, i) => Math.sin(i));

const run = async (bytes: Uint8Array, n = 5, name = 'mean') => {
  const session = await runtime.load(bytes);
  const out = await session.run({ [session.inputs[0]!]: float32(z.subarray(0, 2 * n), [n, 2]) });
  await session.release();
  return out[name]!;
};
const numbers = async (bytes: Uint8Array, n?: number): Promise<number[]> => [
  ...((await run(bytes, n)).data as Float32Array),
];
const expected = await numbers(adaptModel(decoder, 'd', adaptation));

describe('an adapted model', () => {
  it('gives rows', async () => {
    expect((await run(adaptModel(decoder, 'd', adaptation))).shape).toEqual([5, 16]);
    const plain = await runtime.load(decoder);
    const { image } = await plain.run({ z: float32(z, [5, 2]) });
    expect(expected).toEqual([...(image!.data as Float32Array)]);
    await plain.release();
  });

  it.each([1, 2, 3, 5, 7])('takes any number of rows of a graph made for %i', async (batch) => {
    const fixed = adaptModel(fixedBatch(decoderTrace('logits'), batch), 'd', adaptation);
    const values = await numbers(fixed);
    expect(values).toHaveLength(80);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
    expect(await numbers(fixed, 1)).toHaveLength(16);
  });

  it('casts half precision at its edges', async () => {
    const half = await numbers(adaptModel(halfPrecision(decoder), 'd', adaptation));
    half.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(0.01);
    });
  });

  it('turns axes, maps values and keeps the axes it is told to keep', async () => {
    const output = { name: 'image', as: 'mean', order: [0, 2, 3, 1], shaped: true, map: 'sigmoid' } as const;
    const { shape, data } = await run(adaptModel(decoder, 'd', { ...adaptation, outputs: [output] }));
    expect(shape).toEqual([5, 4, 4, 1]);
    expect((data as Float32Array)[3]).toBeCloseTo(1 / (1 + Math.exp(-expected[3]!)), 6);
    const affine = { name: 'image', as: 'mean', map: { scale: 2, offset: 1 } };
    const doubled = await numbers(adaptModel(decoder, 'd', { ...adaptation, outputs: [affine] }));
    expect(doubled[5]).toBeCloseTo(2 * expected[5]! + 1, 5);
  });

  it.each([11, 13, 16, 18, 21])('joins with a sampler of ours in operator set %i', async (version) => {
    const old = ofOpset(decoder, version);
    const sampler = toBatchModel((n) => ({ z: mul(input('noise', [n, 2]), 2) }), { version: '0' });
    const join = { from: 'z', into: 'code', output: 'mean', as: 'image', name: 'd' };
    for (const batched of [old, ofOpset(fixedBatch(decoderTrace('logits'), 2), version)]) {
      const joined = joinModels(sampler, adaptModel(batched, 'd', adaptation), join, { version: '0' });
      expect((await run(joined, 3, 'image')).shape).toEqual([3, 16]);
      expect(Number(decodeModel(joined).opsetImport[0]!.version)).toBe(version);
    }
  });

  it('keeps fields that are not known here', () => {
    const unknown = { no: 9999, wireType: 2, data: Uint8Array.of(1, 7) } as never;
    const marked = changed(decoder, (model) => {
      model.$unknown = [unknown];
      model.graph!.$unknown = [unknown];
      model.graph!.node[0]!.$unknown = [unknown];
    });
    const sampler = toBatchModel((n) => ({ z: mul(input('noise', [n, 2]), 2) }), { version: '0' });
    const adapted = adaptModel(marked, 'd', adaptation);
    const join = { from: 'z', into: 'code', output: 'mean', as: 'image', name: 'd' };
    const joined = decodeModel(joinModels(sampler, adapted, join, { version: '0' }));
    expect(joined.$unknown?.[0]).toMatchObject({ no: 9999 });
    expect(joined.graph!.$unknown?.[0]).toMatchObject({ no: 9999 });
    expect(joined.graph!.node.filter(({ $unknown }) => $unknown?.[0]?.no === 9999)).toHaveLength(1);
  });

  it.each<[string, Uint8Array, Partial<Adaptation>, string]>([
    ['another input', decoder, { input: 'y' }, 'd: expected an input y, got none of this name'],
    [
      'another output',
      decoder,
      { outputs: [{ name: 'y', as: 'mean' }] },
      'd: expected an output y, got none of this name',
    ],
    ['an old operator set', ofOpset(decoder, 9), {}, 'd: expected operator set 11 or later, got 9'],
    ['no model', Uint8Array.of(1, 2, 3), {}, 'd: expected an ONNX model, got none'],
  ])('is refused: %s', (_, bytes, changes, message) => {
    const adapt = () => adaptModel(bytes, 'd', { ...adaptation, ...changes });
    expect(adapt).toThrow(InputError);
    expect(adapt).toThrow(message);
  });
});

describe('the operator that makes an output', () => {
  it('is found behind those that move values', () => {
    expect(lastOperator(anyBatch(decoderTrace('mean')), 'image', 'd')).toBe('Sigmoid');
    expect(lastOperator(anyBatch(decoderTrace('signed')), 'image', 'd')).toBe('Tanh');
    expect(lastOperator(decoder, 'image', 'd')).toBe('Gemm');
    expect(lastOperator(decoder, 'none', 'd')).toBeUndefined();
  });
});
