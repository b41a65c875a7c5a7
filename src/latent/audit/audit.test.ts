import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import {
  type AuditInput,
  type AuditOptions,
  type AuditResult,
  audit,
  type Codes,
  isMeasured,
  type Measured,
  type StatisticName,
} from './index.js';

const runtime = nodeRuntime({ threads: 1 });
const kept = new Map<string, readonly number[]>();
const floors = {
  get: (key: string) => kept.get(key),
  set: (key: string, values: readonly number[]) => void kept.set(key, values),
};
const run = (input: AuditInput, options: Partial<AuditOptions> = {}): Promise<AuditResult> =>
  audit(input, { seed: 1, runtime, floors, ...options });

const normals = (length: number, key: string): Float32Array => {
  const out = new Float32Array(length);
  keyedStream(1, key, 0).fillNormal(out);
  return out;
};
const value = ({ statistics }: AuditResult, name: StatisticName): Measured => {
  const statistic = statistics[name];
  if (!isMeasured(statistic)) throw new Error(`${name}: ${statistic.unavailable}`);
  return statistic;
};
const covers = ({ interval }: Measured, truth: number): boolean => interval![0] <= truth && truth <= interval![1];

/** q_i = N(μ_i, s²I), μ_i ~ N(0, (1 − s²)I): q(z) tends to N(0, I), and R = −(D/2) ln s² is all information. */
const informed = (n: number, latents: number, s: number, key = 'informed'): Codes => ({
  mu: normals(n * latents, key).map((x) => x * Math.sqrt(1 - s * s)),
  sigma: new Float32Array(n * latents).fill(s),
  n,
  latents,
});

describe('known answers', () => {
  it('posteriors that are all N(0, I): nothing anywhere, a collapse, and hole mass α', async () => {
    const train = { mu: new Float32Array(900), sigma: new Float32Array(900).fill(1), n: 300, latents: 3 };
    const result = await run({ train, test: train });
    for (const name of ['rate', 'mutualInformation', 'marginalKl', 'totalCorrelation', 'dimensionwiseKl'] as const) {
      expect(Math.abs(value(result, name).value)).toBeLessThan(1e-3);
    }
    expect(value(result, 'activeUnits').value).toBe(0);
    expect(covers(value(result, 'holeMass'), 0.01)).toBe(true);
    expect([result.verdict, result.sampleFrom]).toEqual(['collapsed', 'N(0, I)']);
  });

  it('well-separated codes of unit variance: the information is ln N, saturated, with its bracket', async () => {
    const n = 60;
    const mu = Float32Array.from({ length: n }, (_, i) => 20 * (i - n / 2));
    const result = await run({ train: { mu, sigma: new Float32Array(n).fill(1), n, latents: 1 } });
    const information = value(result, 'mutualInformation');
    expect(information.value).toBeCloseTo(Math.log(n), 2);
    expect(information.saturated).toBe(true);
    const { marginalKl, mutualInformation } = result.bracket!;
    expect(marginalKl[0]).toBeLessThanOrEqual(marginalKl[1]);
    expect(mutualInformation[0] + marginalKl[1]).toBeCloseTo(value(result, 'rate').value, 9);
    expect(result.verdict).toBe('mismatched');
  });

  it('informed posteriors whose mixture is N(0, I): matched, the rate is information', async () => {
    const [latents, s] = [2, 0.3];
    const result = await run({ train: informed(1500, latents, s), test: informed(800, latents, s, 'held out') });
    const expected = -latents * Math.log(s);
    const rate = value(result, 'rate');
    expect(Math.abs(rate.value - expected)).toBeLessThan(4 * rate.se!);
    expect(value(result, 'mutualInformation').value).toBeGreaterThan(0.95 * expected);
    expect(result.verdict).toBe('matched');
    expect(result.bracket).toBeUndefined();
    expect(covers(value(result, 'holeMass'), 0.01)).toBe(true);
  });

  it('a planted hole of known prior mass: codes are never within 1 of the origin', async () => {
    const away = (key: string): Codes => {
      const z = normals(2000, key);
      const stream = keyedStream(2, key, 0);
      for (let i = 0; i < z.length; i++) while (Math.abs(z[i]!) < 1) z[i] = stream.normal();
      return { mu: z, sigma: new Float32Array(z.length).fill(0.05), n: 2000, latents: 1 };
    };
    const result = await run({ train: away('train'), test: away('test') });
    const holes = value(result, 'holeMass');
    // P(|z| < 1) = 0.683, P(|z| < 0.9) = 0.632: the edges of the hole are as blurred as posteriors are wide.
    expect(holes.value).toBeGreaterThan(0.6);
    expect(holes.value).toBeLessThan(0.72);
    expect(result.verdict).toBe('mismatched');
    expect(result.sampleFrom).not.toBe('N(0, I)');
    expect(result.panels.deepest!.z.every((z) => Math.abs(z) < 1)).toBe(true);
    expect(result.statistics.marginalKlHeldOut).toMatchObject({ by: result.sampleFrom });
    // KL(q ‖ p) = −ln P(|z| > 1) = 1.148: from below, held-out codes come near it.
    expect(value(result, 'marginalKlHeldOut').value).toBeLessThan(1.148 + 0.1);
    expect(value(result, 'marginalKlHeldOut').value).toBeGreaterThan(0.9);
  });
});

describe('what these inputs cannot give', () => {
  it('from draws alone: nothing that needs posteriors, and a split by seed that the notes tell of', async () => {
    const result = await run({ train: { z: normals(1600, 'draws'), n: 400, latents: 4 }, sources: { train: 'z.npy' } });
    for (const name of [
      'rate',
      'rateMc',
      'mutualInformation',
      'marginalKl',
      'totalCorrelation',
      'activeUnits',
    ] as const) {
      expect(result.statistics[name]).toEqual({ unavailable: 'needs posteriors: mu and sigma' });
    }
    expect(result.notes[0]).toContain('No held-out codes were given');
    expect(result.codes).toMatchObject({
      train: { n: 200, posteriors: false, source: '200 rows of z.npy, by seed 1' },
      test: { n: 200 },
      latents: 4,
    });
    expect(value(result, 'momentKl').pValue).toBeGreaterThan(0);
    expect(result.panels).not.toHaveProperty('activeUnits');
  });

  it('from few codes: what needs halves or densities, and the rest decides', async () => {
    const result = await run({ train: { z: normals(120, 'few').map((x) => x + 3), n: 40, latents: 3 } });
    for (const name of [
      'holeMass',
      'marginalKlHeldOut',
      'c2st',
      'c2stAuc',
      'mardiaSkewness',
      'mardiaKurtosis',
    ] as const) {
      expect(isMeasured(result.statistics[name])).toBe(false);
    }
    expect(result).toMatchObject({ verdict: 'mismatched', heldOut: [] });
    expect(result.reasons).toHaveLength(3);
    expect(result.panels).not.toHaveProperty('ratio');
  });

  it('from fewer held-out codes than a quantile takes: the hole mass', async () => {
    const result = await run({ train: { z: normals(240, 'few'), n: 80, latents: 3 } });
    expect(result.statistics.holeMass).toEqual({
      unavailable: 'needs at least 100 held-out codes for a share of 0.01, got 40',
    });
    expect(isMeasured(result.statistics.marginalKlHeldOut)).toBe(true);
  });

  it('from a constant dimension: its KL is infinite, and all prior draws are in the hole', async () => {
    const z = normals(900, 'constant');
    for (let i = 0; i < z.length; i += 3) z[i] = 0;
    const result = await run({ train: { z, n: 300, latents: 3 } });
    expect(isMeasured(result.statistics.momentKl)).toBe(false);
    expect(value(result, 'holeMass').value).toBeGreaterThan(0.95);
    expect(result.verdict).toBe('mismatched');
    expect(result.notes.join(' ')).toContain('z is constant in 1 dimension of 3 (0)');
  });

  it('from fewer draws than dimensions: moments', async () => {
    const result = await run({ train: { z: normals(60 * 80, 'wide'), n: 60, latents: 80 } });
    expect(isMeasured(result.statistics.momentKl)).toBe(false);
    expect(isMeasured(result.statistics.mmd)).toBe(true);
  });
});

describe('an audit', () => {
  const train = informed(300, 2, 0.4);

  it('gives the same numbers for the same codes and seed, others for another seed', async () => {
    const first = await run({ train });
    expect(await run({ train })).toEqual(first);
    expect((await run({ train }, { seed: 2 })).statistics).not.toEqual(first.statistics);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  });

  it('tells how far it is, from 0 to almost 1', async () => {
    const shares: number[] = [];
    await run({ train }, { onProgress: (_, share) => shares.push(share) });
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
  });

  it('shows classes, and its clock and versions where it is given them', async () => {
    let clock = 0;
    const labels = Int32Array.from({ length: 300 }, (_, i) => i % 3);
    const now = (): number => (clock += 500);
    const result = await run({ train, labels }, { now, versions: { zdist: '0.1.0' } });
    expect(result.panels.classes!.map(({ label, n }) => [label, n])).toEqual([
      [0, 100],
      [1, 100],
      [2, 100],
    ]);
    expect([result.seconds, result.versions]).toEqual([0.5, { zdist: '0.1.0' }]);
  });

  it('takes one latent, and a single active one of many', async () => {
    expect((await run({ train: informed(200, 1, 0.5) })).codes.latents).toBe(1);
  });

  it.each([0, 0.5, Number.NaN])('refuses α = %s', async (alpha) => {
    await expect(run({ train }, { alpha })).rejects.toThrow(
      new InputError(`alpha: expected a share in (0, 0.5), got ${alpha}`),
    );
  });
});
