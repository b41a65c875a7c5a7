import { describe, expect, it } from 'vitest';
import { gaussianKl } from '../../vae/distributions/index.js';
import { misreadCurve, misreadKl, misreadSlopeRatio } from './misread.js';
import { axis } from './surface.js';

describe('σ read as a variance', () => {
  it('reports the KL of the Gaussian with that variance', () => {
    const { kl, reported } = misreadKl([0.3, -1], [0.04, 0.5]);
    const normal = { mean: [0, 0], covariance: [1, 0, 0, 1] };
    expect(reported).toBeCloseTo(gaussianKl({ mean: [0.3, -1], covariance: [0.04, 0, 0, 0.5] }, normal), 12);
    expect(kl).toBeCloseTo(gaussianKl({ mean: [0.3, -1], covariance: [0.0016, 0, 0, 0.25] }, normal), 12);
  });

  it('is 2 to 3 times too small for σ in 0.02 … 0.3', () => {
    const { ratio } = misreadCurve(axis(0.02, 0.3, 57));
    expect(Math.min(...ratio)).toBeCloseTo(2.3276, 4);
    expect(Math.max(...ratio)).toBeCloseTo(2.9723, 4);
  });

  it('has a ratio that rises with σ, from 2 at 0 to 4 at 1', () => {
    const { ratio } = misreadCurve([1e-300, 1e-30, 1e-3, 0.1, 0.5, 0.9, 0.999, 1 - 1e-6]);
    expect([...ratio].sort((a, b) => a - b)).toEqual(ratio);
    expect(ratio[0]).toBeCloseTo(2, 2);
    expect(ratio.at(-1)).toBeCloseTo(4, 5);
  });

  it('is brought down by the means, which both read alike', () => {
    expect(misreadKl([3], [0.1]).ratio).toBeLessThan(misreadKl([1], [0.1]).ratio);
    expect(misreadKl([3], [1]).ratio).toBe(1);
  });

  it('leaves the minimum at (0, 1), where the ratio is undefined', () => {
    expect(misreadKl([0], [1])).toEqual({ kl: 0, reported: 0, ratio: Number.NaN });
  });

  it('pulls σ 2 (1 + σ) times too weakly', () => {
    for (const s of [0.02, 0.3, 0.999, 1, 1.7]) expect(misreadSlopeRatio(s)).toBeCloseTo(2 * (1 + s), 12);
    const slope = (misreadKl([0], [0.3 + 1e-6]).reported - misreadKl([0], [0.3 - 1e-6]).reported) / 2e-6;
    expect((0.3 - 1 / 0.3) / slope).toBeCloseTo(misreadSlopeRatio(0.3), 6);
  });

  it('refuses what is no standard deviation', () => {
    expect(() => misreadKl([0], [0])).toThrow(RangeError);
    expect(() => misreadKl([0], [1, 1])).toThrow('misreadKl: expected as many sigma as mu (1), got 2');
    expect(() => misreadSlopeRatio(-1)).toThrow(RangeError);
  });
});
