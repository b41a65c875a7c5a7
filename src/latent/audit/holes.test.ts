import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { readReference } from '../../../test/support/reference.js';
import { keyedStream } from '../../engine/random/index.js';
import { holeMass } from './holes.js';
import { lowest, orderStatistic } from './order.js';
import { normalCdf, normalQuantile, wilsonInterval } from './twoSample/index.js';

const reference = readReference<{
  readonly quantiles: { readonly values: number[]; readonly at: number[]; readonly weibull: number[] };
  readonly wilson: readonly { readonly successes: number; readonly n: number; readonly interval: [number, number] }[];
}>('auditMoments');

const normals = (n: number, key: string, seed: number): Float64Array => {
  const stream = keyedStream(seed, key, 0);
  return Float64Array.from({ length: n }, () => stream.normal());
};
const options = { alpha: 0.01, seed: 1, by: 'a density' };

describe('order statistics', () => {
  it('give quantiles as an independent program has them', () => {
    const { values, at, weibull } = reference.quantiles;
    const sorted = Float64Array.from(values).sort();
    expectClose(
      at.map((p) => orderStatistic(sorted, p * (values.length + 1))),
      weibull,
      { absolute: 1e-12 },
    );
  });

  it('end at the ends', () => {
    expect([orderStatistic([1, 2, 3], -4), orderStatistic([1, 2, 3], 9)]).toEqual([1, 3]);
    expect(lowest([3, 1, 2, 1], 3)).toEqual([1, 3, 2]);
  });
});

it("Wilson's interval is that of an independent program", () => {
  for (const { successes, n, interval } of reference.wilson) {
    expectClose(wilsonInterval(successes, n), interval, { absolute: 1e-9 });
  }
});

describe('hole mass', () => {
  it('is α where codes and prior are alike, within an interval that knows of both samples', () => {
    let [covered, sum] = [0, 0];
    const repeats = 300;
    for (let seed = 0; seed < repeats; seed++) {
      const { mass } = holeMass(normals(1000, 'codes', seed), normals(4000, 'prior', seed), options);
      sum += mass.value;
      if (mass.interval![0] <= 0.01 && 0.01 <= mass.interval![1]) covered++;
    }
    // Spread of a 1% quantile of 1,000 and of 4,000 draws.
    const spread = Math.sqrt(0.0099 / 1000 + 0.0099 / 4000);
    expect(Math.abs(sum / repeats - 0.01)).toBeLessThan((4 * spread) / Math.sqrt(repeats));
    expect(covered / repeats).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / repeats));
  });

  it('is the mass that was planted', () => {
    // 30% of the prior lies 10 below, where no code is; the rest is as the codes are.
    const prior = normals(10_000, 'prior', 1).map((value, i) => (i % 10 < 3 ? value - 10 : value));
    const { mass, deepest } = holeMass(normals(5000, 'codes', 1), prior, options);
    const expected = 0.3 + 0.7 * 0.01;
    expect(mass.interval![0]).toBeLessThan(expected);
    expect(mass.interval![1]).toBeGreaterThan(expected);
    expect(Math.abs(mass.value - expected)).toBeLessThan(0.003);
    expect(deepest).toHaveLength(32);
    expect(deepest.every((row) => row % 10 < 3)).toBe(true);
  });

  it('has the closed form of a shift', () => {
    // Codes N(1, 1), prior N(0, 1): P(z < 1 + Φ⁻¹(α)) = Φ(1 + Φ⁻¹(α)).
    const codes = normals(20_000, 'codes', 2).map((value) => value + 1);
    const { mass, threshold } = holeMass(codes, normals(20_000, 'prior', 2), { ...options, alpha: 0.05 });
    const expected = normalCdf(1 + normalQuantile(0.05));
    expect(Math.abs(mass.value - expected)).toBeLessThan(4 * mass.se!);
    expect(Math.abs(threshold - (1 + normalQuantile(0.05)))).toBeLessThan(0.1);
  });

  it('counts ties in the part that makes their share α: codes and prior that are one value give α', () => {
    const { mass } = holeMass(new Float64Array(200), new Float64Array(1000), options);
    expect(mass.value).toBeCloseTo(0.01, 12);
    expect(mass.interval![0]).toBeLessThan(0.01);
  });

  it('is refused for fewer codes than a quantile takes', () => {
    expect(() => holeMass(new Float64Array(99), new Float64Array(10), options)).toThrow(
      'holeMass: expected at least 100 held-out codes, got 99',
    );
  });
});
