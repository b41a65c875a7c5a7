import { describe, expect, test } from 'vitest';
import { grad, vjps } from '../../src/engine/autodiff/index.js';
import { type OpName, type Tensor, topologicalOrder } from '../../src/engine/graph/index.js';
import { signatures } from '../../src/engine/graph/rules.js';
import { evaluate, kernels } from '../../src/engine/interpreter/index.js';
import { lowerings } from '../../src/engine/onnx/index.js';
import { simplify } from '../../src/engine/passes/index.js';
import { expectClose, magnitude } from '../support/close.js';
import { hostTensor, inputsOfFeeds, valuesByName } from '../support/feeds.js';
import { gradcheck, weighted } from '../support/gradcheck.js';
import { onnxValues } from '../support/onnxValues.js';
import { cases, withoutGradient } from './ops/index.js';
import type { OpCase } from './ops/opCase.js';

const operations = Object.keys(cases) as OpName[];

/** Operations of one table that another table has no entry for. */
const missing = (table: object, names: readonly string[]): string[] => names.filter((name) => !(name in table));

describe('every operation', () => {
  const tables = { cases, signatures, vjps, kernels, lowerings };

  test.each(Object.entries(tables))('has an entry in %s, and none is left over', (_name, table) => {
    expect(missing(table, Object.keys(signatures))).toEqual([]);
    expect(missing(signatures, Object.keys(table))).toEqual([]);
  });

  test('is missed when a table lacks it', () => {
    const { tanh: _tanh, ...planted } = lowerings;
    expect(missing(planted, Object.keys(signatures))).toEqual(['tanh']);
  });

  test.each(operations)('%s has cases that use it', (op) => {
    expect(cases[op].length).toBeGreaterThan(0);
    for (const { feeds, build } of cases[op]) {
      expect(topologicalOrder([build(...inputsOfFeeds(feeds))]).map((x) => x.op)).toContain(op);
    }
  });
});

interface NamedCase {
  readonly op: OpName;
  readonly one: OpCase;
}
const each: NamedCase[] = operations.flatMap((op) => cases[op].map((one) => ({ op, one })));
const titled = (list: readonly NamedCase[]): [string, NamedCase][] => list.map((x) => [`${x.op}: ${x.one.name}`, x]);

describe('the interpreter', () => {
  test.each(titled(each.filter(({ one }) => one.value)))(
    'gives the value of %s',
    (_, { one: { feeds, build, value } }) => {
      const [actual] = evaluate([build(...inputsOfFeeds(feeds))], valuesByName(feeds));
      expectClose(actual!, value!(...feeds.map(({ values }) => values)), { relative: 1e-12, absolute: 1e-13 });
    },
  );
});

describe('the gradient', () => {
  test.each(titled(each.filter(({ op }) => !withoutGradient.has(op))))(
    'is that of central differences in %s',
    (_, { one }) => {
      const differentiable = one.build(...inputsOfFeeds(one.feeds)).dtype === 'float32';
      if (differentiable) gradcheck(one.build, one.feeds);
    },
  );

  const stopping = each.filter(({ op, one }) => withoutGradient.has(op) && one.name !== 'used' && one.feeds.length > 0);
  test.each(titled(stopping))('does not pass %s', (_, { one: { feeds, build } }) => {
    const inputs = inputsOfFeeds(feeds);
    const y = build(...inputs);
    if (y.dtype === 'float32') expect(() => grad(weighted(y), inputs)).toThrow(/^grad: expected a loss that reaches/);
  });
});

/** The value of a case and, where it has one, its gradient in every float32 input. */
const valueAndGradients = ({ feeds, build }: OpCase): Record<string, Tensor> => {
  const inputs = inputsOfFeeds(feeds);
  const y = build(...inputs);
  const targets = inputs.filter((x) => x.dtype === 'float32');
  const gradients = y.dtype === 'float32' ? grad(weighted(y), targets, { unreached: 'zeros' }) : [];
  return { y, ...Object.fromEntries(gradients.map((dx, i) => [`dx${i}`, dx])) };
};

const simplified = (outputs: Record<string, Tensor>): Record<string, Tensor> => {
  const names = Object.keys(outputs);
  return Object.fromEntries(simplify(Object.values(outputs)).map((x, i) => [names[i], x]));
};

describe('ONNX Runtime', () => {
  const executions = [
    { how: 'as written', prepare: (x: Record<string, Tensor>) => x, fuse: false, optimise: false },
    { how: 'fused', prepare: (x: Record<string, Tensor>) => x, fuse: true, optimise: true },
    { how: 'simplified', prepare: simplified, fuse: true, optimise: true },
  ];
  test.each(titled(each))('agrees on %s and its gradient, as written, fused and simplified', async (_, { one }) => {
    const plain = valueAndGradients(one);
    const names = Object.keys(plain);
    const expected = evaluate(Object.values(plain), valuesByName(one.feeds));
    for (const { how, prepare, ...execution } of executions) {
      const outputs = prepare(plain);
      const read = new Set(
        topologicalOrder(Object.values(outputs)).flatMap((x) => (x.op === 'input' ? [x.attrs.name] : [])),
      );
      const feeds = Object.fromEntries(
        one.feeds.map((x, i) => [`x${i}`, hostTensor(x)] as const).filter(([name]) => read.has(name)),
      );
      const actual = await onnxValues(outputs, feeds, execution);
      names.forEach((name, i) => {
        const absolute = 2e-6 * magnitude(expected[i]!);
        expectClose(actual[name]!, expected[i]!, { relative: 2e-6, absolute }, `${name} ${how}`);
      });
    }
  });
});
