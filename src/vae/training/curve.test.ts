import { describe, expect, it } from 'vitest';
import { estimate } from './curve.js';

describe('estimate', () => {
  it('gives mean, standard error and count', () => {
    // Squared deviations 2.25 + 0.25 + 0.25 + 2.25 = 5; se = √(5 / 3 / 4).
    const { value, se, ...rest } = estimate([1, 2, 3, 4]);
    expect(value).toBeCloseTo(2.5, 14);
    expect(se).toBeCloseTo(Math.sqrt(5 / 12), 14);
    expect(rest).toEqual({ n: 4 });
  });

  it('names the seed it is given', () => {
    expect(estimate(Float32Array.of(2, 2), 7)).toEqual({ value: 2, se: 0, n: 2, seed: 7 });
  });

  it('does not lose a small spread around a large mean', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 1e9 + (i % 2));
    expect(estimate(values).se).toBeCloseTo(0.5 / Math.sqrt(999), 8);
  });

  it('needs two values', () => {
    expect(() => estimate([1])).toThrow(new RangeError('estimate: expected at least 2 values, got 1'));
  });
});
