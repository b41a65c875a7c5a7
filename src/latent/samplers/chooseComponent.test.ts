import { describe, expect, it } from 'vitest';
import { normals } from '../../../test/support/latentCodes.js';
import { runModel } from '../../../test/support/onnxValues.js';
import { input } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { toBatchModel } from '../../engine/onnx/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { float32 } from '../../engine/runtime/index.js';
import { normalCdf } from '../audit/twoSample/index.js';
import { chooseComponent } from './chooseComponent.js';

const chosen = (noise: Float32Array, weights: ArrayLike<number>): number[] =>
  Array.from(evaluate([chooseComponent(input('noise', [noise.length, 1]), weights)], { noise })[0]!);

/** The component whose share of 0 … 1 holds Φ(ε). */
const direct = (noise: Float32Array, weights: ArrayLike<number>): number[] =>
  Array.from(noise, (value) => {
    const p = normalCdf(value);
    let sum = 0;
    for (let k = 0; k < weights.length - 1; k++) {
      sum += weights[k]!;
      if (p <= sum) return k;
    }
    return weights.length - 1;
  });

const weightsOf = (k: number): Float64Array => {
  const stream = keyedStream(k, 'test/weights', 0);
  const raw = Float64Array.from({ length: k }, () => 0.2 + stream.uniform());
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => value / total);
};

describe('the component of a noise value', () => {
  it.each([1, 2, 3, 40, 64, 65, 100, 600, 1000, 5001])('is that of its quantile, of %i components', async (k) => {
    const weights = weightsOf(k);
    const noise = normals(4000, 'choice');
    noise.set([-12, 12, 0], 0);
    const expected = direct(noise, weights);
    const found = chosen(noise, weights);
    // A value within rounding of a boundary may fall on either side of it.
    const misses = found.filter((value, row) => value !== expected[row]).length;
    expect(misses).toBeLessThanOrEqual(2);
    expect([found[0], found[1]]).toEqual([0, k - 1]);
    const model = toBatchModel((n) => ({ k: chooseComponent(input('noise', [n, 1]), weights) }), { version: '0' });
    expect((await runModel(model, { noise: float32(noise, [4000, 1]) })).k).toEqual(found);
  });

  it('leaves out components of no weight, first, between and last', () => {
    const weights = [0, 0.5, 0, 0.5, 0];
    const counts = new Array<number>(5).fill(0);
    for (const k of chosen(normals(2000, 'choice'), weights)) counts[k]!++;
    expect(counts[0]! + counts[2]! + counts[4]!).toBe(0);
    expect(Math.abs(counts[1]! - 1000)).toBeLessThan(4 * Math.sqrt(500));
  });
});
