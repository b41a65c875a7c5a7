import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectClose, magnitude } from '../../../test/support/close.js';
import { grad } from '../autodiff/index.js';
import * as G from '../graph/index.js';
import { evaluate } from '../interpreter/index.js';
import { simplify } from './index.js';

const x = G.input('x', [2, 3]);

const opsOf = (...roots: G.Tensor[]): string[] => G.topologicalOrder(roots).map((node) => node.op);

describe('equal nodes', () => {
  test('are merged, inputs of one name among them', () => {
    const [a, b] = simplify([G.exp(x), G.exp(G.input('x', [2, 3]))]);
    expect(a).toBe(b);
  });

  test('that differ in an attribute, an element type or a number are not', () => {
    const differ = [
      [G.sum(x, 0), G.sum(x, 1)],
      [G.sum(x, 0), G.mean(x, 0)],
      [G.cast(x, 'int64'), G.cast(x, 'bool')],
      [G.constant([0], [1]), G.constant([-0], [1])],
      [G.constant([0], [1]), G.constant([Number.NaN], [1])],
      [G.constant([1], [1]), G.constant([1], [1], 'int64')],
      [G.clip(x, -1, Number.POSITIVE_INFINITY), G.clip(x, Number.NEGATIVE_INFINITY, -1)],
    ] as const;
    for (const [a, b] of differ) {
      const [p, q] = simplify([a, b]);
      expect(p).not.toBe(q);
    }
  });

  test('are still merged after a rewrite made them equal', () => {
    const [a, b] = simplify([G.exp(G.add(x, 0)), G.exp(x)]);
    expect(a).toBe(b);
  });
});

describe('constants', () => {
  test('are folded', () => {
    const folded = simplify([G.sum(G.mul(G.constant([1, 2], [2]), G.constant([3, 4], [2])))])[0]!;
    expect(folded.op).toBe('constant');
    expect(folded.attrs).toMatchObject({ values: [11], shape: [] });
  });

  test('of one number stay a stretched scalar, whatever their size', () => {
    const large = simplify([G.exp(G.zeros([1000, 1000]))])[0]!;
    expect(opsOf(large)).toEqual(['constant', 'broadcast']);
    expect(large.inputs[0]!.attrs).toMatchObject({ values: [1] });
  });

  test('that are large and not uniform are left alone', () => {
    const table = G.constant(
      Array.from({ length: 2000 }, (_, i) => i),
      [2000],
    );
    expect(opsOf(simplify([G.square(table)])[0]!)).toEqual(['constant', 'square']);
  });

  test('of other element types are folded too', () => {
    const folded = simplify([G.cast(G.constant([0, 2], [2], 'int64'), 'bool')])[0]!;
    expect([folded.op, folded.dtype, folded.attrs]).toMatchObject(['constant', 'bool', { values: [0, 1] }]);
  });
});

test('labels of nodes that no rewrite touches are kept', () => {
  const hidden = G.named('hidden', G.relu(G.add(x, 0)));
  expect(simplify([hidden])[0]!.label).toBe('hidden');
});

test('the order and number of roots is kept', () => {
  const roots = [x, G.add(x, 0), G.neg(x), x];
  expect(simplify(roots)).toEqual([x, x, G.neg(x), x]);
  expect(simplify([])).toEqual([]);
});

test('a graph of 60,000 nodes is simplified in one walk', () => {
  let deep: G.Tensor = x;
  for (let i = 0; i < 10_000; i++) deep = G.neg(G.tanh(G.add(G.neg(deep), 0)));
  expect(G.topologicalOrder(simplify([deep]))).toHaveLength(10_000 + 3);
});

type Step = readonly [op: number, first: number, second: number, choice: number];

/** Operations that keep the pool's values bounded, given two tensors of shape [2, 3] and a small number. */
const steps: readonly ((a: G.Tensor, b: G.Tensor, choice: number) => G.Tensor)[] = [
  (a, b) => G.add(a, b),
  (a, b) => G.sub(a, b),
  (a, b) => G.mul(a, G.tanh(b)),
  (a, b) => G.div(a, G.add(G.square(b), 1)),
  (a, _, choice) => G.mul(a, [1, -1, 0.5, 2, 0][choice]!),
  (a, _, choice) => G.add([0, 1, -1, 2, 0.5][choice]!, a),
  (a) => G.neg(a),
  (a) => G.sigmoid(a),
  (a) => G.detach(G.softplus(a)),
  (a, b) => G.add(a, G.broadcast(G.mean(b, 0), [2, 3])),
  (a, b) => G.sub(a, G.broadcast(G.logSumExp(b, 1, { keepDims: true }), [2, 3])),
  (a, b, choice) => G.slice(G.concat([a, b], 1), 1, choice % 4, (choice % 4) + 3),
  (a, b) => G.concat([G.slice(a, 0, 0, 1), G.slice(b, 0, 1, 2)]),
  (a, b, choice) =>
    G.add(G.pad(G.slice(a, 1, 0, 1), 1, 0, 2), G.pad(G.slice(b, 1, 1, 3), 1, choice % 2, 1 - (choice % 2))),
  (a) => G.reshape(G.transpose(G.reshape(a, [3, 2])), [2, 3]),
  (a, b) => G.matmul(G.matmul(a, G.transpose(G.tanh(b))), a),
  (a, b) => G.where(G.greater(a, b), a, G.mul(b, 2)),
  (a, b, choice) => G.maximum(G.minimum(a, b), G.broadcast(G.scalar(choice - 2), [2, 3])),
  (a, _, choice) => G.gather(a, G.constant([choice % 2, 1], [2], 'int64')),
];

const randomGraph = (list: readonly Step[]): G.Tensor[] => {
  const y = G.input('y', [2, 3]);
  const pool: G.Tensor[] = [x, y];
  for (const [op, i, j, choice] of list) {
    pool.push(steps[op % steps.length]!(pool[i % pool.length]!, pool[j % pool.length]!, choice));
  }
  const last = pool.at(-1)!;
  return [last, ...grad(G.mean(last), [x, y], { unreached: 'zeros' })];
};

const graphs = fc
  .array(fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat({ max: 4 })), { minLength: 1, maxLength: 12 })
  .map(randomGraph);
const feeds = { x: [0.3, -0.7, 1.1, 0.4, -1.2, 0.9], y: [-0.2, 0.8, 0.6, -1.1, 0.25, 1.3] };

describe('a random graph with its gradients', () => {
  test('has the same values when simplified', () => {
    fc.assert(
      fc.property(graphs, (roots) => {
        const all = G.topologicalOrder(roots).filter((node) => node.dtype === 'float32');
        const scale = Math.max(...evaluate(all, feeds).map(magnitude));
        const [before, after] = [evaluate(roots, feeds), evaluate(simplify(roots), feeds)];
        before.forEach((expected, i) => {
          expectClose(after[i]!, expected, { relative: 1e-12, absolute: 1e-13 * scale }, `root ${i}`);
        });
      }),
      { seed: 22, numRuns: 500 },
    );
  });

  test('does not grow, and is not simplified further by a second pass', () => {
    fc.assert(
      fc.property(graphs, (roots) => {
        const once = simplify(roots);
        const twice = simplify(once);
        const printed = (list: readonly G.Tensor[]): string =>
          G.print(Object.fromEntries(list.map((r, i) => [`r${i}`, r])));
        expect(printed(twice)).toBe(printed(once));
        expect(opsOf(...once).length).toBeLessThanOrEqual(opsOf(...roots).length);
      }),
      { seed: 23, numRuns: 500 },
    );
  });
});
