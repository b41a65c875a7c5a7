import { beforeAll, describe, expect, it } from 'vitest';
import { normals } from '../../../../test/support/latentCodes.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { type AuditResult, audit, isMeasured, type Measured } from '../index.js';
import { type CodesBlock, type StreamSummary, streamedAudit, summarizer } from './index.js';

const runtime = nodeRuntime({ threads: 1 });
const latents = 3;
const floors = new Map<string, readonly number[]>();
const options = { seed: 1, runtime, floors };

const summaryOf = async (codes: CodesBlock, part: 'train' | 'test' = 'train'): Promise<StreamSummary> => {
  const into = await summarizer({ seed: 1, latents, posteriors: 'mu' in codes, part }, runtime);
  await into.add(codes, 0);
  await into.release();
  return into.finish();
};

const measured = (result: AuditResult, name: keyof AuditResult['statistics']): Measured => {
  const statistic = result.statistics[name];
  if (!isMeasured(statistic)) throw new Error(`${name}: expected a value, got ${statistic.unavailable}`);
  return statistic;
};

/** Two dimensions that carry the image, off centre, and one that carries nothing. */
const posteriorsOf = (n: number, key: string) => ({
  mu: normals(n * latents, `${key}/mu`).map((v, i) => [0.9 * v + 0.4, 0.8 * v, 0.01 * v][i % latents]!),
  sigma: normals(n * latents, `${key}/sigma`).map((v, i) => [0.3, 0.5, 1][i % latents]! * Math.exp(0.1 * v)),
});

describe('streamedAudit of posteriors', () => {
  const n = 3000;
  const codes = posteriorsOf(n, 'train');
  const test = posteriorsOf(800, 'test');
  let [streamed, inMemory]: AuditResult[] = [];

  beforeAll(async () => {
    const sources = { train: 'mu.npy, sigma.npy', test: 'test.npy' };
    const [train, held] = [await summaryOf(codes), await summaryOf(test, 'test')];
    streamed = await streamedAudit({ train, test: held, sources }, options);
    inMemory = await audit({ train: { ...codes, n, latents }, test: { ...test, n: 800, latents }, sources }, options);
  });

  it('gives what sums can give as the audit in memory does', () => {
    for (const name of ['rate', 'activeUnits', 'momentKl', 'frechet'] as const) {
      const [got, expected] = [measured(streamed!, name), measured(inMemory!, name)];
      expect(got.value, name).toBeCloseTo(expected.value, 9);
      expect(got.se ?? 0, name).toBeCloseTo(expected.se ?? 0, 9);
      expect(got.n, name).toBe(n);
    }
    const [information, expected] = [
      measured(streamed!, 'mutualInformation'),
      measured(inMemory!, 'mutualInformation'),
    ];
    expect(Math.abs(information.value - expected.value)).toBeLessThan(4 * Math.hypot(information.se!, expected.se!));
    expect(information.value).toBe(measured(streamed!, 'rate').value - measured(streamed!, 'marginalKl').value);
  });

  it('comes to the same verdict, by the same rules', () => {
    expect(streamed!.verdict).toBe('mismatched');
    expect(inMemory!.verdict).toBe('mismatched');
    expect(streamed!.reasons.map(({ statistic }) => statistic)).toEqual(
      inMemory!.reasons.map(({ statistic }) => statistic),
    );
    expect(streamed!.codes).toEqual(inMemory!.codes);
    expect(streamed!.notes[0]).toBe(
      'Streamed: moments, rate, marginals, quantiles, radius and MMD are of all 3,000 codes; what needs codes side by side is of 3,000 of them drawn by seed 1, as each n says.',
    );
  });

  it('has the panels of all codes', () => {
    const [a, b] = [streamed!.panels, inMemory!.panels];
    expect(a.dimensions.map(({ dimension }) => dimension)).toEqual(b.dimensions.map(({ dimension }) => dimension));
    a.dimensions.forEach((panel, i) => {
      const other = b.dimensions[i]!;
      expect(panel.rate).toBeCloseTo(other.rate!, 4);
      expect(panel.muVariance).toBeCloseTo(other.muVariance!, 4);
      expect([panel.mean, panel.variance]).toEqual([other.mean, other.variance]);
      expect(
        panel.histogram.counts.reduce((sum, count) => sum + count, panel.histogram.below + panel.histogram.above),
      ).toBe(n);
      expect(panel.kl).toBeDefined();
    });
    expect(a.correlation).toEqual(b.correlation);
    expect(a.spectrum).toEqual(b.spectrum);
    expect(a.activeUnits).toEqual(b.activeUnits);
    expect(a.radius.counts.reduce((sum, count) => sum + count, 0)).toBe(n);
  });
});

describe('streamedAudit of draws', () => {
  it('reads distances off buckets, within what it says, and holds out a part of the sample', async () => {
    const n = 4000;
    const z = normals(n * latents, 'draws').map((v, i) => (i % latents === 1 ? v + 0.2 : v));
    const streamed = await streamedAudit({ train: await summaryOf({ z }), sources: { train: 'z.npy' } }, options);
    const inMemory = await audit({ train: { z, n, latents } }, options);
    for (const name of ['kolmogorovSmirnov', 'radius'] as const) {
      const [got, expected] = [measured(streamed, name), measured(inMemory, name)];
      expect(got.value).toBeLessThanOrEqual(expected.value + 1e-9);
      expect(got.value).toBeGreaterThan(expected.value - 2.5e-4);
      expect(got.pValue).toBeGreaterThanOrEqual(expected.pValue! * (1 - 1e-6));
      expect(got.n).toBe(n);
    }
    expect(measured(streamed, 'mmd')).toMatchObject({ n, pValue: 1 / 201, by: '96 random frequencies, 4,000 codes' });
    expect(streamed.codes).toEqual({
      train: { n: 2000, posteriors: false, source: '2,000 of 4,000 rows of z.npy, by seed 1' },
      test: { n: 2000, posteriors: false, source: '2,000 of 4,000 rows of z.npy, by seed 1' },
      latents,
    });
    expect(streamed.statistics.rate).toEqual({ unavailable: 'needs posteriors: mu and sigma' });
    const panel = streamed.panels.dimensions.find(({ dimension }) => dimension === 1)!;
    const other = inMemory.panels.dimensions.find(({ dimension }) => dimension === 1)!;
    panel.qq.forEach((value, i) => {
      expect(Math.abs(value - other.qq[i]!)).toBeLessThan(0.05);
    });
    expect(Math.abs(panel.skewness!)).toBeLessThan(4 * Math.sqrt(6 / n));
    expect(Math.abs(panel.excessKurtosis!)).toBeLessThan(4 * Math.sqrt(24 / n));
  });

  it('refuses wrong values with row and column, and too few rows', async () => {
    const z = normals(40 * latents, 'wrong');
    z[7 * latents + 2] = Number.NaN;
    z[9 * latents] = Number.POSITIVE_INFINITY;
    const wrong = await summaryOf({ z });
    await expect(
      streamedAudit({ train: wrong, names: { z: 'z.npy' }, sources: { train: 'z.npy' } }, options),
    ).rejects.toThrow(
      'z.npy: expected finite numbers, got NaN at row 7, column 2 (counted from 0) and at 1 other place',
    );
    const few = await summaryOf({ z: z.slice(0, 3 * latents) });
    await expect(streamedAudit({ train: few, sources: { train: 'z.npy' } }, options)).rejects.toThrow(
      'codes: expected at least 10 rows, got 3',
    );
  });
});
