import { describe, expect, test } from 'vitest';
import { grad } from '../../src/engine/autodiff/index.js';
import * as G from '../../src/engine/graph/index.js';
import { evaluate } from '../../src/engine/interpreter/index.js';
import { expectClose } from '../support/close.js';
import { type Feed, feed, hostTensors, inputsOfFeeds, valuesByName } from '../support/feeds.js';
import type { Build } from '../support/gradcheck.js';
import { onnxValues } from '../support/onnxValues.js';

/** Largest values near the edge of float32, small ones near the other, infinities and NaN. */
const finite = [0, 1, -1, 100, -100, 3e38, -3e38, 1e-30, -1e-30];
const values = [...finite, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

const SMALLEST_NORMAL = 2 ** -126;
/** What float32 keeps of a float64 value; numbers below the smallest normal one count as zero. */
const toFloat32 = (x: number): number => (Math.abs(x) < SMALLEST_NORMAL ? 0 : Math.fround(x));

const classOf = (x: number): string => {
  if (Number.isNaN(x)) return 'NaN';
  return Number.isFinite(x) ? 'finite' : `${Math.sign(x)} infinity`;
};

const atNaN = (feeds: readonly Feed[], j: number): boolean =>
  feeds.some(({ values }) => Number.isNaN(values[j % values.length]));

/** Holds ONNX Runtime's value, and gradient of the sum where asked, against the interpreter's, rounded. */
const expectSame = async (build: Build, feeds: readonly Feed[], absolute: number, gradient = true): Promise<void> => {
  const inputs = inputsOfFeeds(feeds);
  const y = build(...inputs);
  const targets = inputs.filter((x) => x.dtype === 'float32');
  const outputs = Object.fromEntries(
    [y, ...(gradient ? grad(G.sum(y), targets) : [])].map((x, i) => [i === 0 ? 'y' : `dx${i - 1}`, x]),
  );
  const expected = evaluate(Object.values(outputs), valuesByName(feeds)).map((x) => Array.from(x, toFloat32));
  for (const optimise of [false, true]) {
    const actual = await onnxValues(outputs, hostTensors(feeds), { optimise });
    Object.keys(outputs).forEach((name, i) => {
      // A comparison written as HardSigmoid hands NaN on where the interpreter says that NaN > 0 is false.
      const freed = Array.from(actual[name]!, (v, j) => name !== 'y' && Number.isNaN(v) && atNaN(feeds, j));
      const at = (j: number): string => `${name} at ${feeds.map((x) => x.values[j % x.values.length])}`;
      expected[i]!.forEach((e, j) => {
        if (freed[j]) return;
        expect(`${at(j)}: ${classOf(actual[name]![j]!)}`).toBe(`${at(j)}: ${classOf(e)}`);
      });
      const kept = (values: ArrayLike<number>): number[] => Array.from(values).filter((_, j) => !freed[j]);
      expectClose(kept(actual[name]!), kept(expected[i]!), { relative: 3e-6, absolute }, name);
    });
  }
};

/** ONNX Runtime computes sigmoid and tanh to this absolute accuracy. */
const absolute = 2e-7;

describe('at 0, ±1, ±100, ±3e38, ±1e-30, ±∞ and NaN', () => {
  const unary = {
    neg: G.neg,
    abs: G.abs,
    exp: G.exp,
    log: G.log,
    sqrt: G.sqrt,
    square: G.square,
    reciprocal: G.reciprocal,
    relu: G.relu,
    sigmoid: G.sigmoid,
    tanh: G.tanh,
    softplus: G.softplus,
    logSigmoid: G.logSigmoid,
    clip: (x: G.Tensor) => G.clip(x, -50, 50),
  };
  test.each(Object.entries(unary))('%s has the value and the gradient of the interpreter', async (_, op) => {
    await expectSame(op, [feed([values.length], values)], absolute);
  });

  const binary = { add: G.add, sub: G.sub, mul: G.mul, div: G.div, maximum: G.maximum, minimum: G.minimum };
  const left = values.flatMap((a) => values.map(() => a));
  const right = values.flatMap(() => values);
  test.each(Object.entries(binary))('%s has the value and the gradient of the interpreter', async (_, op) => {
    await expectSame(op, [feed([left.length], left), feed([right.length], right)], absolute);
  });
  test('greater has the value of the interpreter', async () => {
    await expectSame(G.greater, [feed([left.length], left), feed([right.length], right)], 0, false);
  });
  test('where takes nothing of the side it does not choose', async () => {
    const choose = left.map((_, i) => i % 2);
    await expectSame(
      G.where,
      [feed([left.length], choose, 'bool'), feed([left.length], left), feed([right.length], right)],
      0,
    );
  });
});

describe('reductions', () => {
  const rows = [
    [0, 0, 0],
    [100, -100, 100],
    [-3e38, -3e38, -3e38],
    [3e38, 3e38, 3e38],
    [3e38, -3e38, 0],
    [1e-30, 1e-30, 1e-30],
    [-100, -100, 0],
  ];
  const x = [feed([rows.length, 3], rows.flat())];

  test('sum overflows where float32 does', async () => {
    await expectSame((v) => G.sum(v, 1), x, absolute);
  });
  test('mean of what does not overflow', async () => {
    const small = rows.filter((row) => Math.abs(row[2]!) < 1e38);
    await expectSame((v) => G.mean(v, 1), [feed([small.length, 3], small.flat())], absolute);
  });
  test('logSumExp is shifted by the maximum', async () => {
    await expectSame((v) => G.logSumExp(v, 1), x, 1e-6);
  });
  test('logSumExp of infinities', async () => {
    const infinite = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, Number.NaN, 1];
    await expectSame((v) => G.logSumExp(v, 1), [feed([3, 2], infinite)], absolute, false);
  });
});

describe('the relative accuracy in the tails', () => {
  const line = Array.from({ length: 1601 }, (_, i) => -80 + i / 10);
  const x = [feed([line.length], line)];

  test.each([
    ['softplus', G.softplus],
    ['logSigmoid', G.logSigmoid],
  ] as const)('of %s is that of float32 for x in [-80, 80]', async (_, op) => {
    const y = op(inputsOfFeeds(x)[0]!);
    const expected = evaluate([y], valuesByName(x))[0]!;
    for (const optimise of [false, true]) {
      const { y: actual } = await onnxValues({ y }, hostTensors(x), { optimise });
      expectClose(actual!, expected, { relative: 5e-7 });
    }
  });

  test('of sigmoid is bounded absolutely, not relatively', async () => {
    const y = G.sigmoid(inputsOfFeeds(x)[0]!);
    const { y: actual } = await onnxValues({ y }, hostTensors(x));
    expectClose(actual!, evaluate([y], valuesByName(x))[0]!, { absolute });
    expect(Math.min(...actual!)).toBeGreaterThanOrEqual(0);
  });

  test('of the gradient of a quotient survives a divisor whose square underflows', async () => {
    const feeds = [feed([2], [1e-30, 2]), feed([2], [1e-30, 1e-18])];
    const [a, b] = inputsOfFeeds(feeds) as [G.Tensor, G.Tensor];
    const [da, db] = grad(G.sum(G.div(a, b)), [a, b]) as [G.Tensor, G.Tensor];
    const actual = await onnxValues({ da, db }, hostTensors(feeds));
    expectClose(actual.da!, [1e30, 1e18], { relative: 1e-6 }, 'da');
    expectClose(actual.db!, [-1e30, -2e36], { relative: 1e-6 }, 'db');
  });
});
