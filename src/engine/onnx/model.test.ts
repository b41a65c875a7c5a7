import { describe, expect, test } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { hostTensors, spread } from '../../../test/support/feeds.js';
import { runModel } from '../../../test/support/onnxValues.js';
import { GraphError, ShapeError } from '../errors/index.js';
import * as G from '../graph/index.js';
import { evaluate } from '../interpreter/index.js';
import { float32 } from '../runtime/index.js';
import { decodeModel, toBatchModel, toModel } from './index.js';
import type { ValueInfoProto } from './proto/onnx_pb.js';

const info = { version: '0' };
const weights = { w: Float32Array.from(spread([4, 2], -1, 1).values), b: Float32Array.from([0.5, -0.5]) };

const dimsOf = ({ type }: ValueInfoProto): (number | string)[] =>
  type?.value.case === 'tensorType'
    ? type.value.value.shape!.dim.map(({ value }) => (value.case === 'dimParam' ? value.value : Number(value.value)))
    : [];

/** One layer: [B, 4] -> [B, 2]. */
const layer = (batch: number): { readonly codes: G.Tensor } => ({
  codes: G.tanh(G.add(G.matmul(G.input('x', [batch, 4]), G.input('w', [4, 2])), G.input('b', [2]))),
});

describe('toModel', () => {
  test('declares inputs and outputs under their names and shapes', () => {
    const { graph } = decodeModel(toModel(layer(3), info));
    expect(graph!.input.map((x) => [x.name, dimsOf(x)])).toEqual([
      ['x', [3, 4]],
      ['w', [4, 2]],
      ['b', [2]],
    ]);
    expect(graph!.output.map((x) => [x.name, dimsOf(x)])).toEqual([['codes', [3, 2]]]);
  });

  test('keeps weights in the model under their own names', () => {
    const { graph } = decodeModel(toModel(layer(3), info, { weights }));
    expect(graph!.input.map((x) => x.name)).toEqual(['x']);
    expect(graph!.initializer.map((x) => [x.name, x.dims.map(Number)])).toEqual([
      ['w', [4, 2]],
      ['b', [2]],
    ]);
    expect(new Float32Array(graph!.initializer[0]!.rawData.slice().buffer)).toEqual(weights.w);
  });

  test('refuses weights of another size', () => {
    expect(() => toModel(layer(3), info, { weights: { w: new Float32Array(7) } })).toThrow(
      new ShapeError('toModel: expected [4, 2] values for w, got 7 of them'),
    );
  });

  test('reads two nodes of one name as one input, and hands an input on as an output', async () => {
    const sum = G.add(G.input('x', [2]), G.square(G.input('x', [2])));
    const model = toModel({ sum, again: sum, same: G.input('x', [2]) }, info);
    expect(await runModel(model, { x: float32(Float32Array.of(2, 3), [2]) })).toEqual({
      sum: [6, 12],
      again: [6, 12],
      same: [2, 3],
    });
  });
});

describe('toBatchModel', () => {
  test('declares the batch, and only it, by name', () => {
    const { graph } = decodeModel(toBatchModel(layer, info, { weights }));
    expect([...graph!.input, ...graph!.output].map((x) => [x.name, dimsOf(x)])).toEqual([
      ['x', ['batch', 4]],
      ['codes', ['batch', 2]],
    ]);
  });

  test.each([1, 7, 1000])('gives the interpreter’s values for a batch of %d', async (batch) => {
    const x = spread([batch, 4], -1, 1);
    const [feed] = Object.values(hostTensors([x]));
    const { codes } = await runModel(toBatchModel(layer, info, { weights }), { x: feed! });
    const [expected] = evaluate([layer(batch).codes], { x: x.values, ...weights });
    expectClose(codes!, expected!, { absolute: 2e-6 });
  });

  test('serves a reshape that keeps the batch', async () => {
    const pairs = (batch: number) => {
      const x = G.input('x', [batch, 4]);
      return { y: G.logSumExp(G.reshape(x, [batch, 2, 2]), 2), rows: G.mean(x, 0) };
    };
    const x = float32(Float32Array.from(spread([3, 4], -1, 1).values), [3, 4]);
    const { y, rows } = await runModel(toBatchModel(pairs, info), { x });
    const [expected, mean] = evaluate(Object.values(pairs(3)), { x: x.data as Float32Array });
    expectClose(y!, expected!, { absolute: 1e-6 });
    expectClose(rows!, mean!, { absolute: 1e-6 });
  });

  test.each<[string, (x: G.Tensor, batch: number) => G.Tensor]>([
    ['a number made of the batch size', (x, batch) => G.mul(x, 1 / batch)],
    ['a tensor stretched to the batch size', (x, batch) => G.broadcast(G.mean(x, 0, { keepDims: true }), [batch, 4])],
    ['a slice that ends with the batch', (x, batch) => G.slice(x, 0, batch - 1, batch)],
    ['a reshape of the whole batch', (x, batch) => G.reshape(x, [batch * 4])],
  ])('refuses %s', (_, build) => {
    expect(() => toBatchModel((batch) => ({ y: build(G.input('x', [batch, 4]), batch) }), info)).toThrow(GraphError);
  });

  test('says what is wrong with a part made for one size', () => {
    const scaled = (batch: number) => ({ y: G.mul(G.input('x', [batch, 4]), 1 / batch) });
    expect(() => toBatchModel(scaled, info)).toThrow(
      new GraphError('toBatchModel: expected a graph that serves every batch size, got one that depends on it'),
    );
    const twice = (batch: number) => {
      const x = G.input('x', [batch, 4]);
      return { y: G.concat([x, x]) };
    };
    expect(() => toBatchModel(twice, info)).toThrow(
      new GraphError(
        'toBatchModel: expected y to be as long as the batch along axis 0, or of one length, ' +
          'got 14 and 22 for batches of 7 and 11',
      ),
    );
  });
});
