import { describe, expect, test } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { inputsOfFeeds, spread, valuesByName } from '../../../test/support/feeds.js';
import { gradcheck } from '../../../test/support/gradcheck.js';
import { GraphError, ShapeError } from '../errors/index.js';
import * as G from '../graph/index.js';
import { evaluate } from '../interpreter/index.js';
import { grad } from './index.js';

const x = G.input('x', [3]);
const values = { x: [0.5, -1, 2] };
const gradientOf = (loss: G.Tensor, target: G.Tensor = x): number[] => [...evaluate(grad(loss, [target]), values)[0]!];

describe('the gradient', () => {
  test('of a node used many times is the sum over its uses', () => {
    expect(gradientOf(G.sum(G.add(G.mul(x, x), G.mul(x, 3))))).toEqual([4, 1, 7]);
    let power: G.Tensor = x;
    for (let i = 0; i < 4; i++) power = G.mul(power, x);
    expectClose(gradientOf(G.sum(power)), [5 * 0.5 ** 4, 5, 5 * 16], { relative: 1e-12 });
  });

  test('of a tensor sliced twice covers both slices', () => {
    const pieces = G.add(G.slice(x, 0, 0, 2), G.mul(G.slice(x, 0, 1, 3), 10));
    expect(gradientOf(G.sum(pieces))).toEqual([1, 11, 10]);
    const again = G.add(G.sum(G.slice(x, 0, 1, 2)), G.sum(G.square(G.slice(x, 0, 1, 2))));
    expect(gradientOf(again)).toEqual([0, -1, 0]);
  });

  test('reaches nodes between the inputs and the loss', () => {
    const hidden = G.exp(x);
    expect(gradientOf(G.sum(G.square(hidden)), hidden)).toEqual([...evaluate([G.mul(hidden, 2)], values)[0]!]);
  });

  test('of the loss in itself is 1', () => {
    const loss = G.sum(x);
    expect(gradientOf(loss, loss)).toEqual([1]);
  });

  test('at corners is the one the rules state', () => {
    const at = G.constant([0, 0, 0], [3]);
    const corner = (f: (v: G.Tensor) => G.Tensor): number => {
      const v = G.mul(x, at);
      return evaluate(grad(G.sum(f(v)), [v]), values)[0]![0]!;
    };
    expect(corner(G.relu)).toBe(0);
    expect(corner(G.abs)).toBe(0);
    expect(corner((v) => G.clip(v, 0, 1))).toBe(1);
    expect(corner((v) => G.clip(v, -1, 0))).toBe(1);
    expect(corner((v) => G.maximum(v, 0))).toBe(0);
    expect(corner((v) => G.maximum(0, v))).toBe(1);
    expect(corner((v) => G.minimum(v, 0))).toBe(0);
    expect(corner((v) => G.minimum(0, v))).toBe(1);
  });

  test('of a chain of 20,000 nodes is built without exhausting the stack', () => {
    let deep: G.Tensor = x;
    for (let i = 0; i < 20_000; i++) deep = G.neg(deep);
    expect(gradientOf(G.sum(deep))).toEqual([1, 1, 1]);
  });
});

describe('detach', () => {
  test('stops the gradient on its way and leaves the others', () => {
    expect(gradientOf(G.sum(G.mul(x, G.detach(G.square(x)))))).toEqual([0.25, 1, 4]);
  });

  test('leaves a parameter behind it unreached', () => {
    expect(() => grad(G.sum(G.detach(x)), [x])).toThrow(GraphError);
  });
});

describe('a target that the loss does not reach', () => {
  const [w, b] = [G.input('decoder.w', [2, 2]), G.input('decoder.b', [2])];

  test('is an error that names every such target', () => {
    const loss = G.sum(G.mul(x, G.sum(G.detach(w))));
    expect(() => grad(loss, [x, w, b])).toThrow(
      new GraphError('grad: expected a loss that reaches every target, got none to decoder.w, decoder.b'),
    );
  });

  test('without a name is described by what it is', () => {
    expect(() => grad(G.sum(x), [G.exp(x)])).toThrow(
      'grad: expected a loss that reaches every target, got none to exp[3]',
    );
  });

  test('gets zeros when asked for', () => {
    const [dx, db] = grad(G.sum(x), [x, b], { unreached: 'zeros' }) as [G.Tensor, G.Tensor];
    expect(evaluate([dx, db], values).map((v) => [...v])).toEqual([
      [1, 1, 1],
      [0, 0],
    ]);
  });

  test('is one whose only way leads through indices, masks or data', () => {
    const mask = G.cast(G.greater(x, 0), 'float32');
    expect(() => grad(G.sum(mask), [x])).toThrow(GraphError);
  });
});

test('a target that the loss reads through two nodes of one name is refused', () => {
  expect(() => grad(G.sum(G.mul(x, G.input('x', [3]))), [x])).toThrow(
    new GraphError('grad: expected one node for input x, got another in the graph of the loss'),
  );
});

test('a loss that is not a scalar is refused', () => {
  expect(() => grad(x, [x])).toThrow(new ShapeError('grad: expected a scalar loss, got [3]'));
});

describe('the gradient of a gradient', () => {
  const feeds = [spread([4], 0.3, 1.7)];
  const functions: Readonly<Record<string, (v: G.Tensor) => G.Tensor>> = {
    'x³': (v) => G.mul(G.square(v), v),
    softplus: G.softplus,
    sigmoid: G.sigmoid,
    tanh: G.tanh,
    logSumExp: (v) => G.logSumExp(v),
    'x / (1 + x²)': (v) => G.div(v, G.add(G.square(v), 1)),
    'log √x': (v) => G.log(G.sqrt(v)),
    '1 / x': G.reciprocal,
    'product of matrices': (v) => G.matmul(G.reshape(v, [2, 2]), G.reshape(v, [2, 2]), { transB: true }),
  };
  test.each(Object.entries(functions))('of %s is that of central differences', (_, f) => {
    gradcheck((v) => grad(G.sum(G.square(f(v))), [v])[0]!, feeds);
  });

  test('of x³ is 6x', () => {
    const [v] = inputsOfFeeds(feeds) as [G.Tensor];
    const first = grad(G.sum(G.mul(G.square(v), v)), [v])[0]!;
    const second = evaluate(grad(G.sum(first), [v]), valuesByName(feeds))[0]!;
    expectClose(
      second,
      feeds[0]!.values.map((e) => 6 * e),
      { relative: 1e-12 },
    );
  });
});
