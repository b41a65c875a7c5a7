import { describe, expect, test } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { smallTraining } from '../../../test/support/smallTraining.js';
import { GraphError } from '../errors/index.js';
import * as G from '../graph/index.js';
import { evaluate } from '../interpreter/index.js';
import { toModel } from '../onnx/index.js';
import { float32, int64, uint8 } from './index.js';
import { nodeRuntime } from './node.js';

const info = { version: '0' };
const pair = toModel({ sum: G.add(G.input('a', [2]), G.input('b', [2])) }, info);
const two = (a: number, b: number) => float32(Float32Array.of(a, b), [2]);

describe('a session', () => {
  test('runs a training step to the interpreter’s numbers', async () => {
    const { outputs, feeds } = smallTraining();
    const session = await nodeRuntime().load(toModel(outputs, info));
    const result = await session.run(
      Object.fromEntries(
        [...G.inputsOf(Object.values(outputs))].map(([name, x]) => [name, float32(feeds[name]!, x.shape)]),
      ),
    );
    const expected = evaluate(Object.values(outputs), feeds);
    Object.keys(outputs).forEach((name, i) => {
      expectClose(result[name]!.data as Float32Array, expected[i]!, { absolute: 2e-6 }, name);
    });
    expect(result.next).toMatchObject({ dtype: 'float32', shape: [32] });
    await session.release();
  });

  test('tells its inputs and outputs', async () => {
    const session = await nodeRuntime().load(pair);
    expect([session.inputs, session.outputs]).toEqual([['a', 'b'], ['sum']]);
  });

  test('gives new arrays and leaves the feeds alone', async () => {
    const session = await nodeRuntime().load(toModel({ same: G.input('a', [2]) }, info));
    const a = two(1, 2);
    const [first, second] = [await session.run({ a }), await session.run({ a: two(3, 4) })];
    expect([first.same!.data, second.same!.data, a.data]).toEqual([
      Float32Array.of(1, 2),
      Float32Array.of(3, 4),
      Float32Array.of(1, 2),
    ]);
    expect(first.same!.data).not.toBe(a.data);
  });

  test('takes and gives every element type', async () => {
    const bytes = G.input('bytes', [3], 'uint8');
    const ids = G.input('ids', [2], 'int64');
    const outputs = { picked: G.gather(bytes, ids), ids, mask: G.greater(G.cast(bytes, 'float32'), 5) };
    const session = await nodeRuntime().load(toModel(outputs, info));
    expect(await session.run({ bytes: uint8(Uint8Array.of(4, 5, 6), [3]), ids: int64([2, 0], [2]) })).toEqual({
      picked: { dtype: 'uint8', shape: [2], data: Uint8Array.of(6, 4) },
      ids: { dtype: 'int64', shape: [2], data: BigInt64Array.of(2n, 0n) },
      mask: { dtype: 'bool', shape: [3], data: Uint8Array.of(0, 0, 1) },
    });
  });

  test('counts denormals as zero', async () => {
    const session = await nodeRuntime().load(pair);
    const { sum } = await session.run({ a: two(1e-40, 1e-30), b: two(0, 0) });
    expect([...(sum!.data as Float32Array)]).toEqual([0, Math.fround(1e-30)]);
  });
});

describe('a wrong feed is refused:', () => {
  const run = async (feeds: Parameters<Awaited<ReturnType<typeof load>>['run']>[0]) => (await load()).run(feeds);
  const load = () => nodeRuntime().load(pair);

  test('one that is missing', async () => {
    await expect(run({ a: two(1, 2) })).rejects.toThrow(new GraphError('run: expected feeds a, b, got a'));
  });
  test('one that is unknown', async () => {
    await expect(run({ a: two(1, 2), b: two(1, 2), c: two(1, 2) })).rejects.toThrow(
      new GraphError('run: expected feeds a, b, got a, b, c'),
    );
  });
  test('one of another shape', async () => {
    const wrong = run({ a: two(1, 2), b: float32(new Float32Array(3), [3]) });
    await expect(wrong).rejects.toThrow(GraphError);
    await expect(wrong).rejects.toThrow(/b.*\n? index: 0 Got: 3 Expected: 2/s);
  });
  test('one of another type', async () => {
    await expect(run({ a: two(1, 2), b: int64([1, 2], [2]) })).rejects.toThrow(GraphError);
  });
});

test('bytes that are no model are refused', async () => {
  await expect(nodeRuntime().load(Uint8Array.of(1, 2, 3))).rejects.toThrow();
});

test('a runtime says what it is', () => {
  expect(nodeRuntime({ threads: 2 })).toMatchObject({
    description: expect.stringMatching(/^onnxruntime-node \d+\.\d+\.\d+, cpu, 2 threads$/),
    loops: true,
  });
  expect(nodeRuntime({ device: 'webgpu' })).toMatchObject({
    description: expect.stringMatching(/^onnxruntime-node [\d.]+, webgpu, 1 thread$/),
    loops: false,
  });
});
