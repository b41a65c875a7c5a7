import { expect, it } from 'vitest';
import type { Measured } from '../result.js';
import {
  c2st,
  energyDistance,
  kolmogorovSmirnov,
  mardiaKurtosis,
  mardiaSkewness,
  mmd,
  radius,
  slicedWasserstein,
} from './index.js';
import { priorDraws, type TestOptions } from './options.js';

/** Every test of true prior draws, whose hypothesis holds. */
it('each test refuses codes that are N(0, I) at 5% in 2–9% of 200 repeats, and no interval of accuracy lies above ½ too often', () => {
  const repeats = 200;
  const floors = new Map<string, readonly number[]>();
  const refused: Record<string, number> = {};
  let above = 0;
  for (let seed = 0; seed < repeats; seed++) {
    const z = priorDraws(2000, 8, 1000 + seed, 'codes');
    const options: TestOptions = { seed, floors };
    const { accuracy, auc } = c2st(z, options);
    const results: Record<string, Measured> = {
      mmd: mmd(z, options),
      energyDistance: energyDistance(z, options),
      slicedWasserstein: slicedWasserstein(z, options),
      kolmogorovSmirnov: kolmogorovSmirnov(z, options),
      mardiaSkewness: mardiaSkewness(z, options),
      mardiaKurtosis: mardiaKurtosis(z, options),
      radius: radius(z, options),
      c2st: accuracy,
      c2stAuc: auc,
    };
    for (const [name, { pValue }] of Object.entries(results)) {
      refused[name] = (refused[name] ?? 0) + (pValue! <= 0.05 ? 1 : 0);
    }
    if (accuracy.interval![0] > 0.5) above++;
  }
  for (const [name, count] of Object.entries(refused)) {
    expect(count / repeats, name).toBeGreaterThanOrEqual(0.02);
    expect(count / repeats, name).toBeLessThanOrEqual(0.09);
  }
  expect(above / repeats).toBeLessThanOrEqual(0.05);
}, 600_000);
