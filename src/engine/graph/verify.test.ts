import { expect, test } from 'vitest';
import { GraphError, ShapeError } from '../errors/index.js';
import { add, exp, greater, input, inputsOf, mul, type Tensor, verify } from './index.js';

const x = input('x', [2, 3]);

test('a graph that the builders made is legal', () => {
  expect(() => verify([mul(exp(x), 2), add(x, input('x', [2, 3]))])).not.toThrow();
});

test('a node with a shape that is not its own is caught', () => {
  const planted = { ...exp(x), shape: [3, 2] } as Tensor;
  expect(() => verify([add(planted, 1)])).toThrow(
    new GraphError('internal: verify: exp expected float32[2, 3], got float32[3, 2]'),
  );
});

test('a node with an element type that is not its own is caught', () => {
  const planted = { ...greater(x, 0), dtype: 'float32' } as Tensor;
  expect(() => verify([planted])).toThrow(
    new GraphError('internal: verify: greater expected bool[2, 3], got float32[2, 3]'),
  );
});

test('a node whose inputs its rule refuses is caught', () => {
  const planted = { ...add(x, x), inputs: [x, input('y', [2])] } as Tensor;
  expect(() => verify([planted])).toThrow(new ShapeError('add: expected shapes that broadcast, got [2, 3] and [2]'));
});

test('one input name means one shape and one element type', () => {
  const other = exp(input('x', [3]));
  expect(() => verify([exp(x), other])).toThrow(
    new GraphError('verify: expected one shape for input x, got float32[2, 3] and float32[3]'),
  );
});

test('inputsOf finds the inputs in order of first use, one a name', () => {
  const [a, b] = [input('a', []), input('b', [])];
  expect([...inputsOf([add(b, a), input('a', [])])]).toEqual([
    ['b', b],
    ['a', a],
  ]);
});
