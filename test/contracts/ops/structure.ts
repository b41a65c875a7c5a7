import * as G from '../../../src/engine/graph/index.js';
import { counting, feed, spread } from '../../support/feeds.js';
import type { OpCase } from './opCase.js';

/** Σ_k A[i, k] B[k, j] with the operands' elements found by the given strides. */
const product =
  (rows: number, inner: number, columns: number, transA: boolean, transB: boolean) =>
  (...[a, b]: (readonly number[])[]): number[] =>
    Array.from({ length: rows * columns }, (_, n) => {
      const [i, j] = [Math.floor(n / columns), n % columns];
      const terms = Array.from(
        { length: inner },
        (_k, k) => a![transA ? k * rows + i : i * inner + k]! * b![transB ? j * inner + k : k * columns + j]!,
      );
      return terms.reduce((s, v) => s + v, 0);
    });

const products: OpCase[] = [false, true].flatMap((transA) =>
  [false, true].map((transB) => ({
    name: `[3, 2] x [2, 4], transA ${transA}, transB ${transB}`,
    feeds: [spread(transA ? [2, 3] : [3, 2], -1, 1, 1), spread(transB ? [4, 2] : [2, 4], -1, 1, 2)],
    build: (a, b) => G.matmul(a, b, { transA, transB }),
    value: product(3, 2, 4, transA, transB),
  })),
);

const reductions = (op: typeof G.sum, fold: (group: readonly number[]) => number): OpCase[] => {
  const x = [spread([2, 3], -1, 1)];
  const rows = (v: readonly number[]): number[] => [fold(v.slice(0, 3)), fold(v.slice(3))];
  const columns = (v: readonly number[]): number[] => [0, 1, 2].map((i) => fold([v[i]!, v[i + 3]!]));
  return [
    { name: 'all', feeds: x, build: (v) => op(v), value: (v) => [fold(v)] },
    { name: 'rows', feeds: x, build: (v) => op(v, 1), value: rows },
    { name: 'rows, counted from the end', feeds: x, build: (v) => op(v, -1), value: rows },
    { name: 'rows, dimensions kept', feeds: x, build: (v) => op(v, 1, { keepDims: true }), value: rows },
    { name: 'columns', feeds: x, build: (v) => op(v, [0]), value: columns },
    { name: 'both axes, one of them twice', feeds: x, build: (v) => op(v, [1, 0, -1]), value: (v) => [fold(v)] },
    { name: 'no axis', feeds: x, build: (v) => op(v, []), value: (v) => v.map((e) => fold([e])) },
    {
      name: 'outer axes',
      feeds: [spread([2, 2, 2], -1, 1)],
      build: (v) => op(v, [0, 2]),
      value: (v) => [fold([v[0]!, v[1]!, v[4]!, v[5]!]), fold([v[2]!, v[3]!, v[6]!, v[7]!])],
    },
    { name: 'scalar', feeds: [spread([], -1, 1)], build: (v) => op(v), value: (v) => [fold(v)] },
  ];
};

const total = (group: readonly number[]): number => group.reduce((s, v) => s + v, 0);

export const structure = {
  input: [{ name: 'as it is', feeds: [counting([2, 2])], build: (x) => x, value: () => [0, 1, 2, 3] }],
  constant: [
    { name: 'vector', feeds: [], build: () => G.constant([3, 1, 2], [3]), value: () => [3, 1, 2] },
    { name: 'int64', feeds: [], build: () => G.constant([3, -1], [2], 'int64'), value: () => [3, -1] },
    { name: 'bool', feeds: [], build: () => G.constant([1, 0], [2], 'bool'), value: () => [1, 0] },
    { name: 'used', feeds: [counting([2])], build: (x) => G.add(x, G.constant([3, 1], [2])), value: () => [3, 2] },
  ],
  matmul: [
    ...products,
    {
      name: 'x with its transpose',
      feeds: [spread([2, 3], -1, 1)],
      build: (x) => G.matmul(x, x, { transB: true }),
      value: (x) => product(2, 3, 2, false, true)(x, x),
    },
    { name: 'one row', feeds: [spread([1, 3], -1, 1), spread([3, 2], -1, 1, 1)], build: (a, b) => G.matmul(a, b) },
    {
      name: 'with a bias',
      feeds: [spread([2, 3], -1, 1), spread([3, 2], -1, 1, 1), spread([2], -1, 1, 2)],
      build: (a, b, bias) => G.add(G.matmul(a!, b!), bias!),
    },
    {
      name: 'one column, stretched by a row added to it',
      feeds: [spread([2, 3], -1, 1), spread([3, 1], -1, 1, 1), spread([4], -1, 1, 2)],
      build: (a, b, row) => G.add(G.matmul(a!, b!), row!),
    },
  ],

  sum: reductions(G.sum, total),
  mean: reductions(G.mean, (group) => total(group.map((v) => v / group.length))),
  logSumExp: reductions(G.logSumExp, (group) => Math.log(total(group.map(Math.exp)))),

  reshape: [
    { name: 'to a matrix', feeds: [counting([6])], build: (x) => G.reshape(x, [2, 3]), value: (x) => x },
    { name: 'to a scalar', feeds: [counting([1, 1])], build: (x) => G.reshape(x, []), value: (x) => x },
    { name: 'first dimension kept', feeds: [counting([2, 6])], build: (x) => G.reshape(x, [2, 3, 2]), value: (x) => x },
    { name: 'nothing', feeds: [counting([0, 6])], build: (x) => G.reshape(x, [3, 0]), value: (x) => x },
    { name: 'uint8', feeds: [counting([4], 'uint8')], build: (x) => G.reshape(x, [2, 2]), value: (x) => x },
  ],
  transpose: [
    { name: 'matrix', feeds: [counting([2, 3])], build: (x) => G.transpose(x), value: () => [0, 3, 1, 4, 2, 5] },
    {
      name: 'inner axes',
      feeds: [counting([2, 2, 2])],
      build: (x) => G.transpose(x, [0, 2, 1]),
      value: () => [0, 2, 1, 3, 4, 6, 5, 7],
    },
    {
      name: 'cycle',
      feeds: [counting([2, 2, 3])],
      build: (x) => G.transpose(x, [2, 0, 1]),
      value: () => [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11],
    },
    { name: 'uint8', feeds: [counting([2, 2], 'uint8')], build: (x) => G.transpose(x), value: () => [0, 2, 1, 3] },
  ],
  broadcast: [
    { name: 'scalar', feeds: [feed([], [3])], build: (x) => G.broadcast(x, [2, 2]), value: () => [3, 3, 3, 3] },
    { name: 'row', feeds: [counting([2])], build: (x) => G.broadcast(x, [2, 2]), value: () => [0, 1, 0, 1] },
    { name: 'column', feeds: [counting([2, 1])], build: (x) => G.broadcast(x, [2, 2]), value: () => [0, 0, 1, 1] },
    {
      name: 'bool',
      feeds: [feed([2], [1, 0], 'bool')],
      build: (x) => G.broadcast(x, [2, 2]),
      value: () => [1, 0, 1, 0],
    },
    { name: 'to nothing', feeds: [counting([1, 2])], build: (x) => G.broadcast(x, [0, 2]), value: () => [] },
  ],
  concat: [
    {
      name: 'rows',
      feeds: [counting([1, 2]), feed([2, 2], [5, 6, 7, 8])],
      build: (a, b) => G.concat([a, b]),
      value: () => [0, 1, 5, 6, 7, 8],
    },
    {
      name: 'columns, counted from the end',
      feeds: [counting([2, 1]), feed([2, 2], [5, 6, 7, 8]), feed([2, 1], [9, 10])],
      build: (a, b, c) => G.concat([a!, b!, c!], -1),
      value: () => [0, 5, 6, 9, 1, 7, 8, 10],
    },
    { name: 'x with x', feeds: [counting([2])], build: (x) => G.concat([x, x]), value: () => [0, 1, 0, 1] },
    {
      name: 'with nothing',
      feeds: [counting([0, 2]), counting([1, 2])],
      build: (a, b) => G.concat([a, b]),
      value: () => [0, 1],
    },
    {
      name: 'int64',
      feeds: [counting([2], 'int64'), counting([1], 'int64')],
      build: (a, b) => G.concat([a, b]),
      value: () => [0, 1, 0],
    },
  ],
  slice: [
    { name: 'rows', feeds: [counting([3, 2])], build: (x) => G.slice(x, 0, 1, 3), value: () => [2, 3, 4, 5] },
    { name: 'last axis', feeds: [counting([2, 3])], build: (x) => G.slice(x, -1, 1, 2), value: () => [1, 4] },
    { name: 'nothing', feeds: [counting([2, 3])], build: (x) => G.slice(x, 1, 2, 2), value: () => [] },
    {
      name: 'pieces of a split, in another order',
      feeds: [counting([2, 4])],
      build: (x) => G.concat(G.split(x, 1, [1, 2, 1]).toReversed(), 1),
      value: () => [3, 1, 2, 0, 7, 5, 6, 4],
    },
    {
      name: 'overlapping',
      feeds: [counting([4])],
      build: (x) => G.add(G.slice(x, 0, 0, 3), G.slice(x, 0, 1, 4)),
      value: () => [1, 3, 5],
    },
    {
      name: 'split bool',
      feeds: [feed([3], [1, 0, 1], 'bool')],
      build: (x) => G.concat(G.split(x, 0, [1, 2]).toReversed()),
      value: () => [0, 1, 1],
    },
  ],
  pad: [
    { name: 'vector', feeds: [feed([2], [4, 5])], build: (x) => G.pad(x, 0, 1, 2), value: () => [0, 4, 5, 0, 0] },
    { name: 'last axis', feeds: [counting([2, 2])], build: (x) => G.pad(x, -1, 1, 0), value: () => [0, 0, 1, 0, 2, 3] },
    { name: 'nothing', feeds: [counting([0, 2])], build: (x) => G.pad(x, 0, 1, 0), value: () => [0, 0] },
  ],
  gather: [
    {
      name: 'rows, one of them twice',
      feeds: [counting([3, 2]), feed([4], [2, 0, 2, 1], 'int64')],
      build: (x, i) => G.gather(x, i),
      value: () => [4, 5, 0, 1, 4, 5, 2, 3],
    },
    {
      name: 'matrix of indices',
      feeds: [counting([3]), feed([2, 2], [2, 0, 1, 1], 'int64')],
      build: (x, i) => G.gather(x, i),
      value: () => [2, 0, 1, 1],
    },
    {
      name: 'one row',
      feeds: [counting([3, 2]), feed([], [1], 'int64')],
      build: (x, i) => G.gather(x, i),
      value: () => [2, 3],
    },
    {
      name: 'uint8',
      feeds: [counting([3, 2], 'uint8'), feed([1], [1], 'int64')],
      build: (x, i) => G.gather(x, i),
      value: () => [2, 3],
    },
    {
      name: 'nothing',
      feeds: [counting([3, 2]), feed([0], [], 'int64')],
      build: (x, i) => G.gather(x, i),
      value: () => [],
    },
  ],
  scatterAdd: [
    {
      name: 'rows that meet',
      feeds: [feed([3], [2, 0, 2], 'int64'), feed([3, 2], [1, 2, 3, 4, 5, 6])],
      build: (i, x) => G.scatterAdd(i, x, 4),
      value: () => [3, 4, 0, 0, 6, 8, 0, 0],
    },
    {
      name: 'matrix of indices',
      feeds: [feed([2, 2], [1, 0, 1, 1], 'int64'), feed([2, 2], [1, 2, 3, 4])],
      build: (i, x) => G.scatterAdd(i, x, 2),
      value: () => [2, 8],
    },
    {
      name: 'one row',
      feeds: [feed([], [1], 'int64'), feed([2], [1, 2])],
      build: (i, x) => G.scatterAdd(i, x, 2),
      value: () => [0, 0, 1, 2],
    },
    {
      name: 'nothing',
      feeds: [feed([0], [], 'int64'), feed([0, 2], [])],
      build: (i, x) => G.scatterAdd(i, x, 2),
      value: () => [0, 0, 0, 0],
    },
  ],
} satisfies Partial<Record<G.OpName, OpCase[]>>;
