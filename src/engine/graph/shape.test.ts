import { describe, expect, test } from 'vitest';
import { ShapeError } from '../errors/index.js';
import {
  broadcastShapes,
  broadcastStrides,
  formatShape,
  reducedShape,
  resolveAxis,
  sameShape,
  sizeOf,
} from './shape.js';

describe('broadcastShapes', () => {
  test.each([
    [[], [], []],
    [[], [2, 3], [2, 3]],
    [[3], [2, 3], [2, 3]],
    [
      [2, 1],
      [1, 3],
      [2, 3],
    ],
    [
      [4, 1, 3],
      [2, 1],
      [4, 2, 3],
    ],
    [[1], [0], [0]],
    [[5, 1], [0], [5, 0]],
  ])('of %j and %j is %j, either way round', (a, b, expected) => {
    expect(broadcastShapes('add', a, b)).toEqual(expected);
    expect(broadcastShapes('add', b, a)).toEqual(expected);
  });

  test.each([
    [[2], [3]],
    [[2, 3], [2]],
    [[0], [2]],
  ])('refuses %j and %j', (a, b) => {
    expect(() => broadcastShapes('mul', a, b)).toThrow(
      new ShapeError(`mul: expected shapes that broadcast, got ${formatShape(a)} and ${formatShape(b)}`),
    );
  });
});

test('broadcastStrides are row-major, 0 where a dimension stretches', () => {
  expect(broadcastStrides([2, 3, 4])).toEqual([12, 4, 1]);
  expect(broadcastStrides([2, 1, 4])).toEqual([4, 0, 1]);
  expect(broadcastStrides([])).toEqual([]);
});

describe('resolveAxis', () => {
  test('counts from the end when negative', () => {
    expect([0, 1, -1, -2].map((axis) => resolveAxis('sum', axis, 2))).toEqual([0, 1, 1, 0]);
  });
  test.each([2, -3, 0.5, Number.NaN])('refuses %d of two dimensions', (axis) => {
    expect(() => resolveAxis('sum', axis, 2)).toThrow(
      new ShapeError(`sum: expected an axis of 2 dimensions, got ${axis}`),
    );
  });
  test('refuses every axis of a scalar', () => {
    expect(() => resolveAxis('sum', 0, 0)).toThrow('sum: expected an axis of 0 dimensions, got 0');
  });
});

test('sizes, sameness, names and reductions of shapes', () => {
  expect([sizeOf([]), sizeOf([2, 3]), sizeOf([2, 0])]).toEqual([1, 6, 0]);
  expect([sameShape([2, 3], [2, 3]), sameShape([2], [2, 1]), sameShape([2], [3])]).toEqual([true, false, false]);
  expect([formatShape([]), formatShape([128, 2])]).toEqual(['[]', '[128, 2]']);
  expect(reducedShape([2, 3, 4], [0, 2], false)).toEqual([3]);
  expect(reducedShape([2, 3, 4], [0, 2], true)).toEqual([1, 3, 1]);
});
