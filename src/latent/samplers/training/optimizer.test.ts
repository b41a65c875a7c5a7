import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { input } from '../../../engine/graph/index.js';
import { evaluate } from '../../../engine/interpreter/index.js';
import { createOptimizer } from '../../../engine/optim/index.js';
import { steadied, warmCosine } from './optimizer.js';

const optimizer = steadied(createOptimizer({ name: 'sgd', lr: 0.1 }), { clip: 5, factor: () => 0.5 });
const stepped = (p: readonly number[], g: readonly number[]): Float64Array => {
  const update = optimizer.update(input('p', [2]), input('g', [2]), []);
  return evaluate([update.parameter], { p, g, 'rate.factor': [optimizer.schedule(1)['rate.factor']!] })[0]!;
};

describe('steadied', () => {
  it('takes a share of the step', () => {
    expectClose(stepped([1, 2], [3, 4]), [1 - 0.5 * 0.3, 2 - 0.5 * 0.4], { absolute: 1e-12 });
    expectClose(stepped([1, 2], [0, 0]), [1, 2], {});
  });

  it('shortens a long gradient to the norm', () => {
    expectClose(stepped([1, 2], [300, 400]), [1 - 0.5 * 0.3, 2 - 0.5 * 0.4], { absolute: 1e-12 });
  });
});

describe('warmCosine', () => {
  it('rises, then falls to nothing', () => {
    const factor = warmCosine(() => 100, 10);
    expect(factor(1)).toBeCloseTo(0.1, 12);
    expect(factor(10)).toBeGreaterThan(0.95);
    expect(factor(51)).toBeCloseTo(0.5, 12);
    expect(factor(100)).toBeLessThan(1e-3);
    expect(factor(100)).toBeGreaterThan(0);
  });

  it('comes down sooner when there are to be fewer steps', () => {
    let steps = 100;
    const factor = warmCosine(() => steps, 10);
    const before = factor(40);
    steps = 50;
    expect(factor(40)).toBeLessThan(before / 2);
    expect(factor(50)).toBeLessThan(2e-3);
    expect(factor(60)).toBeCloseTo(0, 12);
  });
});
