import * as G from '../../../src/engine/graph/index.js';
import { type Feed, feed, spread } from '../../support/feeds.js';
import type { OpCase } from './opCase.js';

type Unary = (x: G.Tensor) => G.Tensor;

/** Shapes of every rank, and a tensor without elements. */
const unary = (op: Unary, formula: (x: number) => number, low: number, high: number): OpCase[] =>
  ([[], [5], [3, 4], [2, 1, 3], [0, 3]] as const).map((shape) => ({
    name: G.formatShape(shape),
    feeds: [spread(shape, low, high)],
    build: op,
    value: (x) => x.map(formula),
  }));

type Binary = (a: G.Operand, b: G.Operand) => G.Tensor;

/** Operands of one shape, stretched at the left, at the right, on both sides, scalars, and x op x. */
const binary = (op: Binary, formula: (a: number, b: number) => number): OpCase[] => {
  const a = (...shape: number[]): Feed => spread(shape, 0.5, 2, 1);
  const b = (...shape: number[]): Feed => spread(shape, 0.4, 1.9, 2);
  return [
    { name: 'same shape', feeds: [a(2, 3), b(2, 3)], build: op, value: (p, q) => p.map((v, i) => formula(v, q[i]!)) },
    { name: 'row', feeds: [a(2, 3), b(3)], build: op, value: (p, q) => p.map((v, i) => formula(v, q[i % 3]!)) },
    { name: 'row first', feeds: [a(3), b(2, 3)], build: op, value: (p, q) => q.map((v, i) => formula(p[i % 3]!, v)) },
    {
      name: 'column and row',
      feeds: [a(2, 1), b(1, 3)],
      build: op,
      value: (p, q) => p.flatMap((v) => q.map((w) => formula(v, w))),
    },
    { name: 'scalar', feeds: [a(), b(4)], build: op, value: (p, q) => q.map((v) => formula(p[0]!, v)) },
    { name: 'number', feeds: [a(4)], build: (x) => op(x, 1.25), value: (p) => p.map((v) => formula(v, 1.25)) },
    { name: 'number first', feeds: [a(4)], build: (x) => op(1.25, x), value: (p) => p.map((v) => formula(1.25, v)) },
    { name: 'nothing', feeds: [a(0, 3), b(3)], build: op, value: () => [] },
  ];
};

const withItself = (op: Binary, formula: (x: number) => number): OpCase => ({
  name: 'x with x',
  feeds: [spread([4], 0.5, 2)],
  build: (x) => op(x, x),
  value: (x) => x.map(formula),
});

const signs = feed([6], [-2, -0.5, -0.25, 0.25, 0.5, 2]);

export const elementwise = {
  detach: unary(G.detach, (x) => x, -2, 2),
  neg: unary(G.neg, (x) => 0 - x, -2, 2),
  abs: [
    ...unary(G.abs, (x) => x, 0.1, 2),
    { name: 'both signs', feeds: [signs], build: G.abs, value: () => [2, 0.5, 0.25, 0.25, 0.5, 2] },
  ],
  exp: unary(G.exp, (x) => Math.E ** x, -4, 4),
  log: unary(G.log, (x) => Math.log2(x) * Math.LN2, 0.1, 5),
  sqrt: unary(G.sqrt, (x) => x ** 0.5, 0.1, 5),
  square: unary(G.square, (x) => x ** 2, -3, 3),
  reciprocal: [
    ...unary(G.reciprocal, (x) => x ** -1, 0.3, 3),
    { name: 'both signs', feeds: [signs], build: G.reciprocal, value: () => [-0.5, -2, -4, 4, 2, 0.5] },
  ],
  relu: [
    ...unary(G.relu, (x) => x, 0.1, 2),
    { name: 'both signs', feeds: [signs], build: G.relu, value: () => [0, 0, 0, 0.25, 0.5, 2] },
  ],
  sigmoid: unary(G.sigmoid, (x) => (1 + Math.tanh(x / 2)) / 2, -6, 6),
  tanh: unary(G.tanh, (x) => 1 - 2 / (Math.exp(2 * x) + 1), -4, 4),
  softplus: unary(G.softplus, (x) => Math.log(1 + Math.exp(x)), -6, 6),
  logSigmoid: unary(G.logSigmoid, (x) => -Math.log(1 + Math.exp(-x)), -6, 6),
  clip: [
    {
      name: 'between',
      feeds: [signs],
      build: (x) => G.clip(x, -0.3, 0.4),
      value: () => [-0.3, -0.3, -0.25, 0.25, 0.4, 0.4],
    },
    { name: 'one side', feeds: [signs], build: (x) => G.clip(x, -1, Number.POSITIVE_INFINITY) },
  ],
  cast: [
    {
      name: 'uint8 to float32',
      feeds: [feed([3], [0, 7, 255], 'uint8')],
      build: (x) => G.cast(x, 'float32'),
      value: () => [0, 7, 255],
    },
    {
      name: 'bool to float32',
      feeds: [feed([2], [0, 1], 'bool')],
      build: (x) => G.cast(x, 'float32'),
      value: () => [0, 1],
    },
    {
      name: 'int64 to float32',
      feeds: [feed([2], [-3, 4], 'int64')],
      build: (x) => G.cast(x, 'float32'),
      value: () => [-3, 4],
    },
    {
      name: 'float32 to int64',
      feeds: [feed([3], [-1.7, 0.2, 2.9])],
      build: (x) => G.cast(x, 'int64'),
      value: () => [-1, 0, 2],
    },
    {
      name: 'float32 to bool',
      feeds: [feed([3], [-1.7, 0, 0.2])],
      build: (x) => G.cast(x, 'bool'),
      value: () => [1, 0, 1],
    },
    {
      name: 'float32 to uint8',
      feeds: [feed([3], [0, 1.9, 200])],
      build: (x) => G.cast(x, 'uint8'),
      value: () => [0, 1, 200],
    },
  ],

  add: [...binary(G.add, (a, b) => a + b), withItself(G.add, (x) => 2 * x)],
  sub: [...binary(G.sub, (a, b) => a - b), withItself(G.sub, () => 0)],
  mul: [...binary(G.mul, (a, b) => a * b), withItself(G.mul, (x) => x ** 2)],
  div: [...binary(G.div, (a, b) => a / b), withItself(G.div, () => 1)],
  maximum: binary(G.maximum, (a, b) => (a + b + Math.abs(a - b)) / 2),
  minimum: binary(G.minimum, (a, b) => (a + b - Math.abs(a - b)) / 2),
  greater: binary(G.greater, (a, b) => Number(a - b > 0)),
  where: [
    {
      name: 'same shape',
      feeds: [feed([3], [1, 0, 1], 'bool'), spread([3], 0, 1), spread([3], 2, 3)],
      build: G.where,
      value: (_, a, b) => [a![0]!, b![1]!, a![2]!],
    },
    {
      name: 'row of conditions',
      feeds: [feed([3], [1, 0, 1], 'bool'), spread([2, 3], 0, 1), spread([2, 1], 2, 3)],
      build: G.where,
      value: (_, a, b) => [a![0]!, b![0]!, a![2]!, a![3]!, b![1]!, a![5]!],
    },
    {
      name: 'numbers',
      feeds: [feed([3], [1, 0, 1], 'bool'), spread([], 0, 1)],
      build: (c, a) => G.where(c, a!, -1),
      value: (_, a) => [a![0]!, -1, a![0]!],
    },
    {
      name: 'both sides of a comparison',
      feeds: [signs],
      build: (x) => G.where(G.greater(x, 0), G.square(x), G.neg(x)),
      value: () => [2, 0.5, 0.25, 0.0625, 0.25, 4],
    },
  ],
} satisfies Partial<Record<G.OpName, OpCase[]>>;
