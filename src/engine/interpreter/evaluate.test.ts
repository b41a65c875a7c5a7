import { describe, expect, test } from 'vitest';
import { GraphError, ShapeError } from '../errors/index.js';
import { add, exp, gather, input, mul, scatterAdd, type Tensor } from '../graph/index.js';
import { evaluate } from './index.js';

const x = input('x', [2]);
const ids = input('ids', [1], 'int64');

describe('evaluate', () => {
  test('gives the roots in order, each node computed from the feeds', () => {
    const y = mul(x, 2);
    expect(evaluate([add(y, x), y, y], { x: [1, 2] }).map((v) => [...v])).toEqual([
      [3, 6],
      [2, 4],
      [2, 4],
    ]);
  });

  test('computes in float64 and leaves the feeds alone', () => {
    const feeds = { x: [0.1, 0.2] };
    expect([...evaluate([add(x, x)], feeds)[0]!]).toEqual([0.2, 0.4]);
    expect(feeds).toEqual({ x: [0.1, 0.2] });
  });

  test('walks a chain of 20,000 nodes', () => {
    let deep: Tensor = x;
    for (let i = 0; i < 20_000; i++) deep = mul(deep, 1);
    expect([...evaluate([deep], { x: [3, 4] })[0]!]).toEqual([3, 4]);
  });

  test('refuses an input without a feed', () => {
    expect(() => evaluate([exp(x)], { y: [1] })).toThrow(
      new GraphError('evaluate: expected a feed for input x, got none'),
    );
  });

  test('refuses a feed of another size', () => {
    expect(() => evaluate([exp(x)], { x: [1, 2, 3] })).toThrow(
      new ShapeError('evaluate: expected 2 values for input x [2], got 3'),
    );
  });

  test.each([2, -1])('refuses the index %d of two rows', (index) => {
    const feeds = { x: [1, 2], ids: [index] };
    expect(() => evaluate([gather(x, ids)], feeds)).toThrow(
      new GraphError(`gather: expected an index in 0..1, got ${index}`),
    );
    expect(() => evaluate([scatterAdd(ids, input('u', [1]), 2)], { ...feeds, u: [1] })).toThrow(
      new GraphError(`scatterAdd: expected an index in 0..1, got ${index}`),
    );
  });
});
