import fc from 'fast-check';
import { describe, test } from 'vitest';
import { grad } from '../../src/engine/autodiff/index.js';
import * as G from '../../src/engine/graph/index.js';
import { evaluate } from '../../src/engine/interpreter/index.js';
import { simplify } from '../../src/engine/passes/index.js';
import { expectClose, magnitude } from '../support/close.js';
import { type Feed, feed, hostTensors, inputsOfFeeds, spread, valuesByName } from '../support/feeds.js';
import { gradcheck, weighted } from '../support/gradcheck.js';
import { onnxValues } from '../support/onnxValues.js';

type Builds = Readonly<Record<string, (...inputs: G.Tensor[]) => G.Tensor>>;

/**
 * Holds the values and gradients of several functions of the same inputs, all in one model, simplified or not, against
 * the interpreter's on the graph as it was built.
 */
const expectAgreement = async (builds: Builds, feeds: readonly Feed[], simplified: boolean): Promise<void> => {
  const inputs = inputsOfFeeds(feeds);
  const targets = inputs.filter((x) => x.dtype === 'float32');
  const outputs = new Map<string, G.Tensor>();
  for (const [name, build] of Object.entries(builds)) {
    const y = build(...inputs);
    outputs.set(name, y);
    if (y.dtype !== 'float32') continue;
    grad(weighted(y), targets, { unreached: 'zeros' }).forEach((dx, i) => {
      outputs.set(`d ${name} / d x${i}`, dx);
    });
  }
  const names = [...outputs.keys()];
  const expected = evaluate([...outputs.values()], valuesByName(feeds));
  const graph = simplified ? simplify([...outputs.values()]) : [...outputs.values()];
  evaluate(graph, valuesByName(feeds)).forEach((x, i) => {
    expectClose(
      x,
      expected[i]!,
      { relative: 1e-12, absolute: 1e-13 * magnitude(expected[i]!) },
      `simplified ${names[i]}`,
    );
  });
  const actual = await onnxValues(Object.fromEntries(graph.map((x, i) => [names[i]!, x])), hostTensors(feeds), {
    fuse: simplified,
    optimise: simplified,
  });
  names.forEach((name, i) => {
    expectClose(actual[name]!, expected[i]!, { relative: 3e-6, absolute: 3e-6 * magnitude(expected[i]!) }, name);
  });
};

const dimension = fc.integer({ min: 1, max: 4 });
const shapes = (minimum: number): fc.Arbitrary<number[]> => fc.array(dimension, { minLength: minimum, maxLength: 4 });

/** A shape that broadcasts to the given one: some leading dimensions dropped, some of the others 1. */
const stretchable = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.nat({ max: shape.length }), fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }))
    .map(([dropped, ones]) => shape.map((d, i) => (ones[i] ? 1 : d)).slice(dropped));

const pair = shapes(0).chain((shape) => fc.tuple(stretchable(shape), stretchable(shape)));
const triple = shapes(0).chain((shape) => fc.tuple(stretchable(shape), stretchable(shape), stretchable(shape)));

const repeats = { seed: 20, numRuns: 40 };

describe('with random shapes, ONNX Runtime agrees with the interpreter on', () => {
  test('every binary operation and its gradient', () =>
    fc.assert(
      fc.asyncProperty(pair, fc.boolean(), async ([a, b], simplified) => {
        const { add, sub, mul, div, maximum, minimum, greater } = G;
        const feeds = [spread(a, 0.5, 2, 1), spread(b, 0.4, 1.9, 2)];
        await expectAgreement({ add, sub, mul, div, maximum, minimum, greater }, feeds, simplified);
      }),
      repeats,
    ));

  test('where and its gradient', () =>
    fc.assert(
      fc.asyncProperty(triple, fc.boolean(), async ([c, a, b], simplified) => {
        const chosen = spread(c, 0, 1).values.map((v) => (v > 0.5 ? 1 : 0));
        const feeds = [feed(c, chosen, 'bool'), spread(a, -1, 0), spread(b, 1, 2)];
        await expectAgreement({ where: G.where }, feeds, simplified);
      }),
      repeats,
    ));

  test('every reduction over random axes, and its gradient', () => {
    const reduced = shapes(1).chain((shape) =>
      fc.record({ shape: fc.constant(shape), axes: fc.subarray(shape.map((_, i) => i)), keepDims: fc.boolean() }),
    );
    return fc.assert(
      fc.asyncProperty(reduced, fc.boolean(), async ({ shape, axes, keepDims }, simplified) => {
        const builds = {
          sum: (x: G.Tensor) => G.sum(x, axes, { keepDims }),
          mean: (x: G.Tensor) => G.mean(x, axes, { keepDims }),
          logSumExp: (x: G.Tensor) => G.logSumExp(x, axes, { keepDims }),
        };
        await expectAgreement(builds, [spread(shape, -2, 2)], simplified);
      }),
      repeats,
    );
  });

  test('matmul with every transposition, a bias, and its gradient', () =>
    fc.assert(
      fc.asyncProperty(
        fc.tuple(dimension, dimension, dimension),
        fc.tuple(fc.boolean(), fc.boolean()),
        fc.boolean(),
        async ([rows, inner, columns], [transA, transB], simplified) => {
          const a = spread(transA ? [inner, rows] : [rows, inner], -1, 1, 1);
          const b = spread(transB ? [columns, inner] : [inner, columns], -1, 1, 2);
          const product = (x: G.Tensor, y: G.Tensor): G.Tensor => G.matmul(x, y, { transA, transB });
          const builds: Builds = {
            product: (x, y) => product(x!, y!),
            withBias: (x, y, bias) => G.relu(G.add(product(x!, y!), bias!)),
            swapped: (x, y) => G.matmul(G.transpose(y!), G.transpose(x!), { transA: transB, transB: transA }),
          };
          await expectAgreement(builds, [a, b, spread([columns], 0.2, 1, 3)], simplified);
        },
      ),
      repeats,
    ));

  test('reshape, transpose, broadcast, slice, pad and concat, and their gradients', () => {
    const moved = shapes(1).chain((shape) => {
      const axis = fc.nat({ max: shape.length - 1 });
      return fc.record({
        shape: fc.constant(shape),
        order: fc.shuffledSubarray(
          shape.map((_, i) => i),
          { minLength: shape.length },
        ),
        axis,
        cut: fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })),
        padding: fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 })),
      });
    });
    return fc.assert(
      fc.asyncProperty(moved, fc.boolean(), async ({ shape, order, axis, cut, padding }, simplified) => {
        const length = shape[axis]!;
        const [start, end] = cut.map((p) => Math.min(p, length)).sort((p, q) => p - q) as [number, number];
        const builds: Builds = {
          reshape: (x) => G.reshape(x!, [...shape.slice(1), shape[0]!]),
          flatten: (x) => G.reshape(x!, [G.sizeOf(shape)]),
          transpose: (x) => G.transpose(x!, order),
          broadcast: (x) => G.broadcast(x!, [2, ...shape]),
          slice: (x) => G.slice(x!, axis, Math.min(start, length - 1), Math.max(end, 1)),
          pad: (x) => G.pad(x!, axis, padding[0], padding[1]),
          concat: (x) => G.concat([x!, G.square(x!), x!], axis),
          pieces: (x) =>
            G.concat(
              G.split(x!, axis, [1, length - 1])
                .filter(({ shape: s }) => s[axis] !== 0)
                .toReversed(),
              axis,
            ),
        };
        await expectAgreement(builds, [spread(shape, -2, 2)], simplified);
      }),
      repeats,
    );
  });

  test('gather and scatterAdd by random indices, and their gradients', () => {
    const rows = 5;
    const chosen = fc.tuple(shapes(0), shapes(0)).map(([a, b]) => [a.slice(0, 2), b.slice(0, 2)] as const);
    return fc.assert(
      fc.asyncProperty(chosen, fc.nat(), fc.boolean(), async ([where, width], phase, simplified) => {
        const indices = spread(where, 0, rows, phase % 100).values.map(Math.floor);
        const feeds = [
          feed(where, indices, 'int64'),
          spread([rows, ...width], -1, 1),
          spread([...where, ...width], -1, 1, 1),
        ];
        const builds: Builds = {
          gather: (i, x) => G.gather(x!, i!),
          scatterAdd: (i, _x, updates) => G.scatterAdd(i!, updates!, rows),
        };
        await expectAgreement(builds, feeds, simplified);
      }),
      repeats,
    );
  });
});

test('the gradient of a random composition is that of central differences', () => {
  const smooth: readonly ((a: G.Tensor, b: G.Tensor) => G.Tensor)[] = [
    G.add,
    G.sub,
    G.mul,
    (a, b) => G.div(a, G.add(G.square(b), 1)),
    (a, b) => G.softplus(G.sub(a, b)),
    (a, b) => G.mul(G.sigmoid(a), G.tanh(b)),
    (a, b) => G.add(G.logSigmoid(a), G.exp(G.mul(G.square(b), -0.5))),
    (a, b) => G.sub(G.logSumExp(a, 0, { keepDims: true }), G.mean(b)),
  ];
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 8 }), (steps) => {
      const compose = (x: G.Tensor, w: G.Tensor): G.Tensor => {
        const known = [x, w];
        for (const [op, i, j] of steps) {
          known.push(smooth[op % smooth.length]!(known[i % known.length]!, known[j % known.length]!));
        }
        return G.add(G.add(known.at(-1)!, x), w);
      };
      gradcheck(compose, [spread([3, 2], -1, 1), spread([2], -1, 1, 1)]);
    }),
    { seed: 21, numRuns: 100 },
  );
});
