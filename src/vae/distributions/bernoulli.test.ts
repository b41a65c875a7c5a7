import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { onnxValues } from '../../../test/support/onnxValues.js';
import { readReference } from '../../../test/support/reference.js';
import { grad } from '../../engine/autodiff/index.js';
import { input, sum } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { float32 } from '../../engine/runtime/index.js';
import { bernoulli } from './index.js';

interface Row {
  readonly x: number[];
  readonly logits: number[];
  readonly logProb: number;
  readonly logProbGradient: { readonly logits: number[] };
}
const { bernoulli: rows } = readReference<{ bernoulli: Row[] }>('distributions');

const [x, logits] = [input('x', [1, 6]), input('logits', [1, 6])];
const logProb = bernoulli(logits).logProb(x);
const [gradient] = grad(sum(logProb), [logits]);

describe('bernoulli against torch.distributions', () => {
  it.each(rows.map((row, i) => [i, row] as const))('row %i: density and gradient', async (_, row) => {
    const [value, slope] = evaluate([logProb, gradient!], { x: row.x, logits: row.logits });
    expectClose(value!, [row.logProb], { relative: 1e-12, absolute: 1e-14 });
    expectClose(slope!, row.logProbGradient.logits, { relative: 1e-10, absolute: 1e-15 });

    const feeds = {
      x: float32(Float32Array.from(row.x), [1, 6]),
      logits: float32(Float32Array.from(row.logits), [1, 6]),
    };
    const actual = await onnxValues({ logProb, gradient: gradient! }, feeds);
    expectClose(actual.logProb!, [row.logProb], { relative: 1e-6, absolute: 1e-6 });
    expectClose(actual.gradient!, row.logProbGradient.logits, { relative: 1e-6, absolute: 1e-6 });
  });
});

describe('the mean of a Bernoulli', () => {
  it('is the probability of ink, whose logarithm logProb gives', () => {
    const values = [-30, -1, 0, 0.5, 3, 30];
    const [mean, ink] = evaluate([bernoulli(logits).mean(), logProb], { logits: values, x: [1, 1, 1, 1, 1, 1] });
    expectClose(
      mean!,
      values.map((l) => 1 / (1 + Math.exp(-l))),
      { relative: 1e-14 },
    );
    expect(mean!.reduce((total, p) => total + Math.log(p), 0)).toBeCloseTo(ink![0]!, 12);
  });
});
