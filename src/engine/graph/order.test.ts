import { describe, expect, test } from 'vitest';
import { add, exp, input, mul, type Tensor, topologicalOrder, useCounts } from './index.js';

const x = input('x', [2]);

describe('topologicalOrder', () => {
  test('puts inputs before users, each node once', () => {
    const a = exp(x);
    const b = mul(a, x);
    const c = add(b, a);
    expect(topologicalOrder([c, a])).toEqual([x, a, b, c]);
    expect(topologicalOrder([a, c])).toEqual([x, a, b, c]);
  });

  test('of no roots is empty', () => {
    expect(topologicalOrder([])).toEqual([]);
  });

  test('walks a chain of 50,000 nodes without exhausting the stack', () => {
    let deep: Tensor = x;
    for (let i = 0; i < 50_000; i++) deep = exp(deep);
    expect(topologicalOrder([deep])).toHaveLength(50_001);
  });

  test('visits a ladder of shared nodes once, not once a path', () => {
    let shared: Tensor = x;
    for (let i = 0; i < 1000; i++) shared = add(shared, shared);
    expect(topologicalOrder([shared])).toHaveLength(1001);
  });
});

test('useCounts counts every use, and roots once more', () => {
  const a = exp(x);
  const b = mul(a, a);
  const counts = useCounts([b, a]);
  expect([x, a, b].map((y) => counts.get(y))).toEqual([1, 3, 1]);
});
