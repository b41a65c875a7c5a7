import { describe, expect, test } from 'vitest';
import { DTypeError, ShapeError } from '../errors/index.js';
import * as G from './index.js';

const x = G.input('x', [2, 3]);
const ids = G.input('ids', [4], 'int64');
const bytes = G.input('bytes', [2, 3], 'uint8');

describe('a node that does not fit is refused where it is built', () => {
  const shapes: readonly [string, () => G.Tensor][] = [
    ['add: expected shapes that broadcast, got [2, 3] and [2]', () => G.add(x, G.input('y', [2]))],
    ['add: expected 2 inputs, got 1', () => G.node('add', [x], {})],
    ['input: expected whole dimensions, got [2, -1]', () => G.input('y', [2, -1])],
    ['input: expected whole dimensions, got [1.5]', () => G.input('y', [1.5])],
    ['constant: expected 3 values for [3], got 2', () => G.constant([1, 2], [3])],
    ['clip: expected min <= max, got 1 and 0', () => G.clip(x, 1, 0)],
    ['clip: expected min <= max, got NaN and 0', () => G.clip(x, Number.NaN, 0)],
    ['where: expected shapes that broadcast, got [2, 3] and [2]', () => G.where(G.greater(x, 0), x, G.zeros([2]))],
    ['matmul: expected two matrices, got [2, 3] and [3]', () => G.matmul(x, G.input('v', [3]))],
    ['matmul: expected inner dimensions that agree, got [2, 3] and [2, 3]', () => G.matmul(x, x)],
    [
      'matmul: expected inner dimensions that agree, got [2, 3]ᵀ and [2, 3]ᵀ',
      () => G.matmul(x, x, { transA: true, transB: true }),
    ],
    ['sum: expected an axis of 2 dimensions, got 2', () => G.sum(x, 2)],
    [
      'mean: expected ascending axes of [2, 3], got [1, 0]',
      () => G.node('mean', [x], { axes: [1, 0], keepDims: false }),
    ],
    ['mean: expected at least one value to reduce, got [0, 3]', () => G.mean(G.input('y', [0, 3]), 0)],
    ['logSumExp: expected at least one value to reduce, got [0]', () => G.logSumExp(G.input('y', [0]))],
    ['reshape: expected 6 values, got [4]', () => G.reshape(x, [4])],
    ['reshape: expected 6 values, got [2, -1]', () => G.reshape(x, [2, -1])],
    ['reshape: expected whole dimensions, got [-2, -3]', () => G.reshape(x, [-2, -3])],
    ['transpose: expected an order of 2 dimensions, got [0] for [2, 3]', () => G.transpose(x, [0])],
    ['transpose: expected an order of 2 dimensions, got [0, 0] for [2, 3]', () => G.transpose(x, [0, 0])],
    ['broadcast: expected a shape that stretches to [2, 1], got [2, 3]', () => G.broadcast(x, [2, 1])],
    ['broadcast: expected shapes that broadcast, got [2, 3] and [4]', () => G.broadcast(x, [4])],
    ['broadcast: expected whole dimensions, got [-2]', () => G.broadcast(G.scalar(0), [-2])],
    ['concat: expected at least one input, got none', () => G.concat([])],
    ['concat: expected an axis of 2 dimensions, got 2', () => G.concat([x, x], 2)],
    [
      'concat: expected shapes that agree outside axis 0, got [2, 3] and [2, 4]',
      () => G.concat([x, G.input('y', [2, 4])]),
    ],
    ['slice: expected a range within axis 1 of [2, 3], got 1..4', () => G.slice(x, 1, 1, 4)],
    ['slice: expected a range within axis 1 of [2, 3], got 2..1', () => G.slice(x, 1, 2, 1)],
    ['slice: expected an axis of 2 dimensions, got 2', () => G.slice(x, 2, 0, 1)],
    ['pad: expected an axis of 2 dimensions, got -3', () => G.pad(x, -3, 0, 1)],
    ['pad: expected an axis of [2, 3] and counts >= 0, got 0, -1, 1', () => G.pad(x, 0, -1, 1)],
    ['gather: expected rows to choose from, got a scalar', () => G.gather(G.scalar(1), ids)],
    [
      'scatterAdd: expected updates that begin with the shape of the indices, got [2, 3] and [4]',
      () => G.scatterAdd(ids, x, 2),
    ],
  ];
  test.each(shapes)('%s', (message, build) => {
    expect(build).toThrow(new ShapeError(message));
  });

  const types: readonly [string, () => G.Tensor][] = [
    ['exp: expected float32, got uint8', () => G.exp(bytes)],
    ['mul: expected float32, got uint8', () => G.mul(x, bytes)],
    ['sum: expected float32, got uint8', () => G.sum(bytes)],
    ['matmul: expected float32, got uint8', () => G.matmul(bytes, x)],
    ['where: expected bool, got float32', () => G.where(x, x, x)],
    ['gather: expected int64, got float32', () => G.gather(x, G.input('i', [1]))],
    ['scatterAdd: expected float32, got int64', () => G.scatterAdd(ids, ids, 4)],
    ['concat: expected float32, got uint8', () => G.concat([x, bytes])],
    ['pad: expected float32, got int64', () => G.pad(ids, 0, 1, 1)],
  ];
  test.each(types)('%s', (message, build) => {
    expect(build).toThrow(new DTypeError(message));
  });
});

describe('a builder', () => {
  test('does nothing where there is nothing to do', () => {
    expect(G.reshape(x, [2, 3])).toBe(x);
    expect(G.broadcast(x, [2, 3])).toBe(x);
    expect(G.cast(x, 'float32')).toBe(x);
    expect(G.concat([x], 1)).toBe(x);
  });

  test('takes axes in any order, from either end, each once', () => {
    const y = G.sum(G.input('y', [2, 3, 4]), [-1, 0, 2]);
    expect(y.attrs).toEqual({ axes: [0, 2], keepDims: false });
    expect(y.shape).toEqual([3]);
  });

  test('splits a tensor into consecutive pieces', () => {
    expect(G.split(x, 1, [1, 2]).map((piece) => piece.shape)).toEqual([
      [2, 1],
      [2, 2],
    ]);
    expect(() => G.split(x, 1, [2, 2])).toThrow('slice: expected a range within axis 1 of [2, 3], got 2..4');
  });

  test('names a node without changing what it is', () => {
    const hidden = G.named('hidden', G.relu(x));
    expect({ ...hidden, label: undefined }).toEqual({ ...G.relu(x), label: undefined });
    expect(hidden.label).toBe('hidden');
  });

  test('keeps element types through moves, and makes masks of comparisons', () => {
    expect(G.transpose(bytes).dtype).toBe('uint8');
    expect(G.gather(bytes, ids).dtype).toBe('uint8');
    expect(G.gather(bytes, ids).shape).toEqual([4, 3]);
    expect(G.greater(x, 0).dtype).toBe('bool');
  });
});
