import { expect, it } from 'vitest';
import { momentsOf } from './moments.js';
import { isMeasured } from './result.js';
import { kolmogorovSmirnovByDimension } from './twoSample/index.js';
import { priorDraws } from './twoSample/options.js';
import { testStatistics } from './twoSampleStatistics.js';

const tested = (n: number, latents: number) => {
  const codes = priorDraws(n, latents, 1, 'codes');
  return testStatistics(codes, momentsOf(codes), kolmogorovSmirnovByDimension(codes), { seed: 1 }, () => undefined);
};

it('from few codes of many latents: not those of whitened codes', () => {
  const statistics = tested(60, 30);
  for (const name of ['mardiaSkewness', 'mardiaKurtosis'] as const) {
    expect(statistics[name]).toEqual({ unavailable: 'needs at least 70 codes for 30 latents, got 60' });
  }
});

it('of more latents than third moments are taken of: not the skewness', () => {
  const { mardiaSkewness, mardiaKurtosis } = tested(540, 260);
  expect(mardiaSkewness).toEqual({
    unavailable: 'needs at most 256 latents, as it takes their third moments, got 260',
  });
  expect(isMeasured(mardiaKurtosis)).toBe(true);
});
