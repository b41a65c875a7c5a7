import { describe, expect, test } from 'vitest';
import * as G from '../graph/index.js';
import { decodeModel, lower, type NamedTensors, OnnxGraph, toModel } from './index.js';

const x = G.input('x', [4, 6]);
const w = G.input('w', [6, 3]);
const b = G.input('b', [3]);

/** The operators of the model, outputs' Identity nodes left out, in order. */
const opsOf = (outputs: NamedTensors, fuse = true): string[] =>
  decodeModel(toModel(outputs, { version: '0' }, { fuse }))
    .graph!.node.map((node) => node.opType)
    .filter((op) => op !== 'Identity');

describe('a product and its bias', () => {
  const y = G.add(G.matmul(x, w), b);

  test('become one Gemm, on either side of the addition', () => {
    expect(opsOf({ y })).toEqual(['Gemm']);
    expect(opsOf({ y: G.add(b, G.matmul(x, w)) })).toEqual(['Gemm']);
    expect(opsOf({ y }, false)).toEqual(['Gemm', 'Add']);
  });

  test('stay two nodes where the product is used again', () => {
    const product = G.matmul(x, w);
    expect(opsOf({ y: G.add(product, b), z: G.relu(product) })).toEqual(['Gemm', 'Add', 'Relu']);
    expect(opsOf({ y: G.add(product, b), product })).toEqual(['Gemm', 'Add']);
  });

  test('stay two nodes where the bias is not a row of the product', () => {
    expect(opsOf({ y: G.add(G.matmul(x, w), G.input('column', [4, 1])) })).toEqual(['Gemm', 'Add']);
    expect(opsOf({ y: G.add(G.matmul(x, G.input('v', [6, 1])), b) })).toEqual(['Gemm', 'Add']);
  });
});

describe('slices', () => {
  test('that tile a tensor become one Split, in whatever order they are used', () => {
    const [p, q] = G.split(x, 1, [2, 4]) as [G.Tensor, G.Tensor];
    expect(opsOf({ q: G.exp(q), p: G.exp(p) })).toEqual(['Split', 'Exp', 'Exp']);
    expect(opsOf({ q, p }, false)).toEqual(['Slice', 'Slice']);
  });

  test('that overlap, or leave a gap, stay slices', () => {
    expect(opsOf({ p: G.slice(x, 1, 0, 4), q: G.slice(x, 1, 2, 6) })).toEqual(['Slice', 'Slice']);
    expect(opsOf({ p: G.slice(x, 1, 0, 2), q: G.slice(x, 1, 3, 6) })).toEqual(['Slice', 'Slice']);
    expect(opsOf({ p: G.slice(x, 1, 0, 5) })).toEqual(['Slice']);
  });

  test('that tile along each of two axes become a Split of each', () => {
    const pieces = [...G.split(x, 0, [1, 3]), ...G.split(x, 1, [3, 3])];
    expect(opsOf(Object.fromEntries(pieces.map((piece, i) => [`p${i}`, piece])))).toEqual(['Split', 'Split']);
  });
});

describe('lowering', () => {
  test('writes a shared node once', () => {
    const shared = G.exp(x);
    expect(opsOf({ y: G.add(shared, shared), z: G.mul(shared, x) })).toEqual(['Exp', 'Add', 'Mul']);
  });

  test('stores equal small constants once', () => {
    const graph = decodeModel(toModel({ y: G.add(G.mul(x, 2), 2) }, { version: '0' })).graph!;
    expect(graph.initializer).toHaveLength(1);
  });

  test('tells 0 from -0', () => {
    const graph = decodeModel(toModel({ y: G.div(G.add(x, 0), -0) }, { version: '0' })).graph!;
    expect(graph.initializer).toHaveLength(2);
  });

  test('refuses an input that is not in scope', () => {
    expect(() => lower([G.exp(x)], new Map(), new OnnxGraph('zdist'))).toThrow('internal: input x is not in scope');
  });
});
