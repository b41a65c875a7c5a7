import { expect, test } from 'vitest';
import { add, clip, constant, input, matmul, named, print, sum } from './index.js';

test('print shows one line a node, inputs before users, then the roots', () => {
  const x = input('x', [4, 2]);
  const w = input('w', [3, 2]);
  const hidden = named('hidden', matmul(x, w, { transB: true }));
  const y = clip(add(hidden, constant([1, 2, 3], [3])), 0, 6);
  expect(print({ y, total: sum(y, 1) }).split('\n')).toEqual([
    '%0 = input(x)  float32[4, 2]',
    '%1 = input(w)  float32[3, 2]',
    '%2 = matmul(%0, %1, transA=false transB=true)  float32[4, 3]  # hidden',
    '%3 = constant(1, 2, 3)  float32[3]',
    '%4 = add(%2, %3)  float32[4, 3]',
    '%5 = clip(%4, min=0 max=6)  float32[4, 3]',
    '%6 = sum(%5, axes=[1] keepDims=false)  float32[4]',
    'y <- %5',
    'total <- %6',
  ]);
});

test('print shortens long constants and long numbers', () => {
  const long = constant([1 / 3, 2, 3, 4, 5], [5]);
  expect(print({ long })).toBe('%0 = constant(0.333333, 2, 3, 4, …)  float32[5]\nlong <- %0');
});
