import { describe, expect, test } from 'vitest';
import { grad } from '../autodiff/index.js';
import * as G from '../graph/index.js';
import { evaluate } from '../interpreter/index.js';
import { simplify } from './index.js';

const x = G.input('x', [2, 3]);
const y = G.input('y', [2, 3]);
const row = G.input('row', [3]);
const feeds = { x: [1, -2, 3, 0.5, 5, -6], y: [7, 8, -9, 1, 2, 3], row: [10, 20, 30] };

/** The simplified graph, one line a node without its number, checked to have the values of the graph before. */
const linesAfter = (before: G.Tensor): string[] => {
  const after = simplify([before])[0]!;
  expect(evaluate([after], feeds)).toEqual(evaluate([before], feeds));
  return G.print({ after })
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^%\d+ = /, '').replace(/ {2}.*$/, ''));
};

const cases: readonly [string, G.Tensor, readonly string[]][] = [
  ['x + 0 is x', G.add(x, 0), ['input(x)']],
  ['0 + x is x', G.add(G.zeros([2, 3]), x), ['input(x)']],
  ['x - 0 is x', G.sub(x, 0), ['input(x)']],
  ['x · 1 is x', G.mul(G.constant(Array(3).fill(1), [3]), x), ['input(x)']],
  ['x / 1 is x', G.div(x, 1), ['input(x)']],
  ['0 - x stays', G.sub(0, x), ['constant(0)', 'input(x)', 'sub(%0, %1)']],
  [
    'a neutral element that stretches x stays',
    G.add(row, G.zeros([2, 3])),
    ['input(row)', 'constant(0)', 'broadcast(%1, shape=[2, 3])', 'add(%0, %2)'],
  ],

  [
    'a stretched scalar is read in place',
    G.add(x, G.broadcast(G.scalar(2), [2, 3])),
    ['input(x)', 'constant(2)', 'add(%0, %1)'],
  ],
  ['a stretched row is read in place', G.mul(x, G.broadcast(row, [2, 3])), ['input(x)', 'input(row)', 'mul(%0, %1)']],
  [
    'a row stretched twice is stretched once',
    G.broadcast(G.broadcast(row, [1, 3]), [2, 3]),
    ['input(row)', 'broadcast(%0, shape=[2, 3])'],
  ],

  ['-(-x) is x', G.neg(G.neg(x)), ['input(x)']],
  ['(x · 2) · 4 is one product', G.mul(G.mul(x, 2), 4), ['input(x)', 'constant(8)', 'mul(%0, %1)']],
  ['-(x · 2) is one product', G.neg(G.mul(2, x)), ['input(x)', 'constant(-2)', 'mul(%0, %1)']],
  ['(2 / x) · 4 is one quotient', G.mul(G.div(2, x), 4), ['constant(8)', 'input(x)', 'div(%0, %1)']],
  [
    'a factor that stretches what it scales stays',
    G.neg(G.mul(row, G.broadcast(G.scalar(2), [2, 3]))),
    ['input(row)', 'constant(2)', 'broadcast(%1, shape=[2, 3])', 'mul(%0, %2)', 'neg(%3)'],
  ],
  ['-(2 / x) is one quotient', G.neg(G.div(2, x)), ['constant(-2)', 'input(x)', 'div(%0, %1)']],

  [
    'x · 2 + y · 2 is scaled once',
    G.add(G.mul(x, 2), G.mul(y, 2)),
    ['input(x)', 'input(y)', 'add(%0, %1)', 'constant(2)', 'mul(%2, %3)'],
  ],
  [
    'x · 2 - y · 2 is scaled once',
    G.sub(G.mul(x, 2), G.mul(y, 2)),
    ['input(x)', 'input(y)', 'sub(%0, %1)', 'constant(2)', 'mul(%2, %3)'],
  ],
  [
    'x · 2 + y · (-2) is scaled once',
    G.add(G.mul(x, 2), G.mul(y, -2)),
    ['input(x)', 'input(y)', 'sub(%0, %1)', 'constant(2)', 'mul(%2, %3)'],
  ],
  ['x + (-y) is x - y', G.add(x, G.neg(y)), ['input(x)', 'input(y)', 'sub(%0, %1)']],
  ['x - (-y) is x + y', G.sub(x, G.neg(y)), ['input(x)', 'input(y)', 'add(%0, %1)']],
  ['-x + y is y - x', G.add(G.neg(x), y), ['input(y)', 'input(x)', 'sub(%0, %1)']],
  ['-x - (-y) is y - x', G.sub(G.neg(x), G.neg(y)), ['input(y)', 'input(x)', 'sub(%0, %1)']],
  ['-x - y is -(x + y)', G.sub(G.neg(x), y), ['input(x)', 'input(y)', 'add(%0, %1)', 'constant(-1)', 'mul(%2, %3)']],

  [
    'transposes go into the product',
    G.matmul(G.transpose(x), G.transpose(y), { transB: true }),
    ['input(x)', 'input(y)', 'matmul(%0, %1, transA=true transB=false)'],
  ],
  ['reshape of reshape is one', G.reshape(G.reshape(x, [6]), [3, 2]), ['input(x)', 'reshape(%0, shape=[3, 2])']],
  ['reshape there and back is nothing', G.reshape(G.reshape(x, [6]), [2, 3]), ['input(x)']],
  ['detach is nothing to values', G.exp(G.detach(x)), ['input(x)', 'exp(%0)']],
  ['cast to the same type is nothing', G.node('cast', [x], { to: 'float32' }), ['input(x)']],
  ['a whole slice is nothing', G.slice(x, 1, 0, 3), ['input(x)']],
  ['a pad of nothing is nothing', G.pad(x, 1, 0, 0), ['input(x)']],
  ['a concatenation of one is nothing', G.node('concat', [x], { axis: 0 }), ['input(x)']],
  [
    'a slice of a concatenation is a slice of a piece',
    G.slice(G.concat([x, y], 1), 1, 4, 6),
    ['input(y)', 'slice(%0, axis=1 start=1 end=3)'],
  ],
  ['a piece of a concatenation is the piece', G.slice(G.concat([x, y]), 0, 2, 4), ['input(y)']],
  [
    'a slice over two pieces stays',
    G.slice(G.concat([x, y]), 0, 1, 3),
    ['input(x)', 'input(y)', 'concat(%0, %1, axis=0)', 'slice(%2, axis=0 start=1 end=3)'],
  ],
  [
    'padded neighbours are joined',
    G.add(G.pad(x, 1, 0, 3), G.pad(y, 1, 3, 0)),
    ['input(x)', 'input(y)', 'concat(%0, %1, axis=1)'],
  ],
  [
    'padded neighbours in the other order are joined',
    G.add(G.pad(x, 1, 4, 0), G.pad(y, 1, 1, 3)),
    ['input(y)', 'input(x)', 'concat(%0, %1, axis=1)', 'pad(%2, axis=1 before=1 after=0)'],
  ],
  [
    'padded pieces with a gap stay',
    G.add(G.pad(x, 0, 0, 3), G.pad(y, 0, 3, 0)),
    ['input(x)', 'pad(%0, axis=0 before=0 after=3)', 'input(y)', 'pad(%2, axis=0 before=3 after=0)', 'add(%1, %3)'],
  ],
];

describe('a rewrite', () => {
  test.each(cases)('%s', (_, before, after) => {
    expect(linesAfter(before)).toEqual(after);
  });

  test('does not join padded pieces that stretch one another', () => {
    const [column, wide] = [G.input('column', [1, 1]), G.input('wide', [1, 2])];
    const sum = G.add(G.pad(column, 0, 0, 1), G.pad(wide, 0, 1, 0));
    const values = { column: [5], wide: [1, 2] };
    expect([...evaluate(simplify([sum]), values)[0]!]).toEqual([5, 5, 1, 2]);
  });

  test('does not draw an infinite factor out of a sum', () => {
    const sum = G.add(G.mul(x, Number.POSITIVE_INFINITY), G.mul(y, Number.POSITIVE_INFINITY));
    expect(evaluate(simplify([sum]), feeds)).toEqual(evaluate([sum], feeds));
  });

  test('turns the gradient of a split into one concatenation', () => {
    const pieces = G.split(x, 1, [1, 1, 1]) as [G.Tensor, G.Tensor, G.Tensor];
    const loss = G.sum(G.add(G.exp(pieces[0]), G.mul(G.square(pieces[1]), pieces[2])));
    const [before] = grad(loss, [x]);
    const after = simplify([before!])[0]!;
    const ops = G.topologicalOrder([after]).map((node) => node.op);
    expect(ops).not.toContain('pad');
    expect(evaluate([after], feeds)).toEqual(evaluate([before!], feeds));
  });
});
