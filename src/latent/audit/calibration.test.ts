/**
 * What the audit says of codes whose truth is known, over many seeds. A few audits by default; `ZDIST_CALIBRATION=200`
 * runs as many of each kind and holds them to the figures that are promised, in some 20 minutes.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { type AuditResult, audit, type FloorCache, isMeasured, type StatisticName } from './index.js';

const AUDITS = Number(process.env.ZDIST_CALIBRATION ?? 6);
const FULL = AUDITS >= 200;

const TESTS: readonly StatisticName[] = [
  ...(['mmd', 'energyDistance', 'slicedWasserstein', 'kolmogorovSmirnov', 'mardiaSkewness'] as const),
  ...(['mardiaKurtosis', 'radius', 'c2st', 'c2stAuc', 'momentKl', 'frechet'] as const),
];

const kept = new Map<string, readonly number[]>();
const floors: FloorCache = { get: (key) => kept.get(key), set: (key, values) => void kept.set(key, values) };
const runtime = nodeRuntime({ threads: 1 });

/** Draws of N(0, I), the first dimension shifted. */
const draws = (seed: number, n: number, latents: number, shift = 0): Float32Array => {
  const z = new Float32Array(n * latents);
  keyedStream(seed, 'calibration', 0).fillNormal(z);
  for (let i = 0; i < z.length; i += latents) z[i]! += shift;
  return z;
};

const auditMany = async (n: number, latents: number, shift: number): Promise<AuditResult[]> => {
  const results: AuditResult[] = [];
  for (let seed = 1; seed <= AUDITS; seed++) {
    const train = { z: draws(seed, n, latents, shift), n, latents };
    results.push(await audit({ train }, { seed, runtime, floors }));
  }
  return results;
};

const countOf = (results: readonly AuditResult[], holds: (result: AuditResult) => boolean): number =>
  results.filter(holds).length;
const mismatched = ({ verdict }: AuditResult): boolean => verdict === 'mismatched';
const rejects =
  (name: StatisticName) =>
  ({ statistics }: AuditResult): boolean => {
    const statistic = statistics[name];
    return isMeasured(statistic) && (statistic.pValue ?? 1) <= 0.05;
  };
const coversAlpha = ({ statistics: { holeMass }, alpha }: AuditResult): boolean => {
  const [low, high] = (isMeasured(holeMass) && holeMass.interval) || [1, 0];
  return low <= alpha && alpha <= high;
};
/** The most that a count of a share of so many audits is by chance: four standard errors. */
const atMost = (share: number): number => share * AUDITS + 4 * Math.sqrt(share * (1 - share) * AUDITS);

describe('codes that are N(0, I), n = 2,000, D = 8', () => {
  let results: AuditResult[];
  beforeAll(async () => {
    results = await auditMany(2000, 8, 0);
    if (!FULL) return;
    console.log(`mismatched: ${countOf(results, mismatched)} of ${AUDITS}`);
    console.log(`hole mass interval covers α: ${countOf(results, coversAlpha)}`);
    for (const name of TESTS) console.log(`${name} rejects: ${countOf(results, rejects(name))}`);
  }, 3_600_000);

  it('are rarely called mismatched', () => {
    expect(countOf(results, mismatched)).toBeLessThanOrEqual(FULL ? 0.05 * AUDITS : atMost(0.05));
  });

  it('have a hole mass whose interval covers α', () => {
    expect(AUDITS - countOf(results, coversAlpha)).toBeLessThanOrEqual(FULL ? 0.1 * AUDITS : atMost(0.1));
  });

  it.each(TESTS)('are rejected by %s at its level', (name) => {
    const count = countOf(results, rejects(name));
    expect(count).toBeLessThanOrEqual(FULL ? 0.09 * AUDITS : atMost(0.05));
    if (FULL) expect(count).toBeGreaterThanOrEqual(0.02 * AUDITS);
  });
});

describe('codes of which one dimension is shifted by 0.25, n = 5,000, D = 8', () => {
  it('are called mismatched', async () => {
    const results = await auditMany(5000, 8, 0.25);
    const count = countOf(results, mismatched);
    if (FULL) console.log(`mismatched when shifted: ${count} of ${AUDITS}`);
    expect(AUDITS - count).toBeLessThanOrEqual(FULL ? 0.05 * AUDITS : atMost(0.05));
  }, 3_600_000);
});
