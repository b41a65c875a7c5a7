import { beforeAll, describe, expect, it } from 'vitest';
import { clusters } from '../../../test/support/smallAudit.js';
import { InputError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import type { AuditInput } from '../audit/index.js';
import { familiesOf, familyNamed } from '../samplers/families.js';
import type { SamplerFamily } from '../samplers/index.js';
import type { RepairModel } from './model.js';
import { Interrupted, type RepairOptions } from './options.js';
import { type Repair, repair } from './repair.js';
import type { SamplerResult } from './result.js';

const runtime = nodeRuntime();
const options: RepairOptions = { seed: 1, runtime, draws: 1000 };
const input: AuditInput = { train: clusters(400, 2, 6), test: clusters(300, 2, 6, 2) };

/** A family that does as it is told before it fits what another one fits. */
const family = (name: string, before: () => void, of = 'full-gaussian', complexity = 50): SamplerFamily => ({
  ...familyNamed(of),
  name,
  complexity,
  fit: async (codes, fit) => {
    before();
    fit.onProgress?.(0.5);
    return familyNamed(of).fit(codes, fit);
  },
});

const families = (result: Repair): string[] => result.result.samplers.map((sampler) => sampler.family);

describe('a repair of codes that are not N(0, I)', () => {
  let found: Repair;
  const told: number[] = [];
  beforeAll(async () => {
    const names = familiesOf('mixture-4,full-gaussian,aggregate-posterior');
    found = await repair(input, names, { ...options, onProgress: (_, share) => void told.push(share) });
  });

  it('tries N(0, I) first, then from simple to complex', () => {
    expect(families(found)).toEqual(['prior', 'full-gaussian', 'mixture-4', 'aggregate-posterior']);
    expect(found.samplers.map((sampler) => sampler.latents)).toEqual([2, 2, 2, 2]);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeLessThan(1);
  });

  it('chooses what describes held-out codes best, and says what that is worth', () => {
    const { chosen, samplers, summary, why, verdict } = found.result;
    const [prior, , mixture] = samplers;
    expect(chosen).toBe('mixture-4');
    expect(found.chosen.family).toMatch(/^mixture/);
    expect(prior!.elboGain!.value).toBeCloseTo(0, 10);
    expect(mixture!.elboGain!.interval![0]).toBeGreaterThan(1);
    expect(mixture!.holeMass!.value).toBeLessThan(prior!.holeMass!.value / 3);
    expect(mixture!.c2st!.value).toBeLessThan(prior!.c2st!.value);
    expect(mixture!.memorisation!.replays).toBe(false);
    expect(['repaired', 'improved']).toContain(verdict);
    expect(summary).toMatch(/^N\(0, I\): hole mass 0\.\d+ → .*Gaussians.*: 0\.\d+, \+\d.*nats$/);
    expect(why).toMatch(/^Of 3 samplers .*ertified: /);
  });

  it('marks what replays and does not choose it unasked', () => {
    expect(found.result.samplers[3]!.replays).toBe(true);
  });

  it('gives the same numbers for the same seed', async () => {
    const names = familiesOf('mixture-4,full-gaussian,aggregate-posterior');
    expect((await repair(input, names, options)).result).toEqual(found.result);
  });
});

describe('a repair', () => {
  it('fits nothing where z carries nothing', async () => {
    const n = 200;
    const train = { mu: new Float32Array(2 * n), sigma: new Float32Array(2 * n).fill(1), n, latents: 2 };
    const fails = family('fails', () => expect.unreachable());
    const { result } = await repair({ train }, [fails], options);
    expect(result).toMatchObject({ verdict: 'collapsed', chosen: 'prior', leftOut: [] });
    expect(result.summary).toBe('Nothing to gain: z says next to nothing about x (rate 0 nats, 0 active units)');
    expect(result.why).toContain('would fit noise');
  });

  it('leaves N(0, I) where it is where the codes are N(0, I)', async () => {
    const part = (seed: number, n: number) => {
      const z = new Float32Array(2 * n);
      keyedStream(seed, 'test/normal', 0).fillNormal(z);
      return { z, n, latents: 2 };
    };
    const { result } = await repair(
      { train: part(1, 3000), test: part(2, 1000) },
      familiesOf('full-gaussian,mixture-4'),
      options,
    );
    expect(result).toMatchObject({ verdict: 'matched', chosen: 'prior', certified: true });
    expect(result.notes.join(' ')).toContain('From draws alone a collapse cannot be told');
  });

  it('leaves out a family that the codes are too few for, and reports the others', async () => {
    const few = { train: clusters(60, 2, 6), test: clusters(60, 2, 6, 2) };
    const { result } = await repair(few, familiesOf('full-gaussian,mixture-200'), options);
    expect(result.chosen).toBe('full-gaussian');
    expect(result.leftOut).toEqual([{ family: 'mixture-200', why: expect.stringContaining('200') }]);
    await expect(repair(few, familiesOf('mixture-200'), options)).rejects.toThrow(InputError);
    await expect(repair(few, familiesOf('mixture-200'), options)).rejects.toThrow(/200/);
  });

  it('reports what had its turn when interrupted or out of time', async () => {
    let stop = false;
    const late = family('late', () => {
      stop = true;
    });
    const interrupted = { ...options, interrupted: () => stop };
    const { result } = await repair(input, [...familiesOf('full-gaussian'), late], interrupted);
    expect(result.ended).toBe('interrupted');
    expect(result.chosen).toBe('full-gaussian');
    expect(result.leftOut).toEqual([{ family: 'late', why: 'interrupted' }]);
    await expect(repair(input, [late], interrupted)).rejects.toThrow(Interrupted);

    let time = 0;
    const slow = family('slow', () => {
      time = 1000;
    });
    const limited = { ...options, deadline: { now: () => time, at: 500 } };
    const over = await repair(input, [slow, family('never', () => expect.unreachable(), 'prior', 60)], limited);
    expect(over.result).toMatchObject({
      ended: 'out of budget',
      chosen: 'slow',
      leftOut: [{ family: 'never', why: 'out of budget' }],
    });
  });

  it('shares the time that is left among the families that are left', async () => {
    const ends: number[] = [];
    const timed = (name: string, complexity: number): SamplerFamily => ({
      ...family(name, () => undefined, 'full-gaussian', complexity),
      fit: (codes, fit) => {
        ends.push(fit.deadline!.at);
        return familyNamed('full-gaussian').fit(codes, fit);
      },
    });
    await repair(input, [timed('a', 5), timed('b', 6)], { ...options, deadline: { now: () => 0, at: 600 } });
    expect(ends).toEqual([300, 600]);
  });

  it('passes on what is a fault of its own', async () => {
    const broken = family('broken', () => {
      throw new Error('internal: broken');
    });
    await expect(repair(input, [broken], options)).rejects.toThrow('internal: broken');
  });
});

describe('a repair with a decoder', () => {
  /** Four pixels whose means are sigmoids of z and of −z. */
  const decodeLogits = (z: Float32Array): Promise<Float32Array> =>
    Promise.resolve(
      Float32Array.from({ length: 2 * z.length }, (_, i) => (i % 4 < 2 ? 1 : -1) * z[2 * (i >> 2) + (i % 2)]!),
    );
  const decode = async (z: Float32Array): Promise<Float32Array> =>
    (await decodeLogits(z)).map((value) => 1 / (1 + Math.exp(-value)));
  const images = (n: number, seed: number): Float32Array => {
    const stream = keyedStream(seed, 'test/images', 0);
    return Float32Array.from({ length: 4 * n }, () => stream.below(2));
  };
  const model: RepairModel = {
    pixels: 4,
    decode,
    decodeLogits,
    binary: true,
    heldOut: images(300, 1),
    training: images(400, 2),
    extractor: {
      name: 'pixels',
      kind: 'user',
      distance: 'pixel Fréchet distance',
      width: 4,
      hash: '0',
      extract: (x) => Promise.resolve({ values: x, n: x.length / 4, width: 4 }),
    },
  };

  it('measures images too, and finds whose fault they are', async () => {
    const { result } = await repair(input, familiesOf('full-gaussian'), { ...options, model });
    const [prior, fitted] = result.samplers;
    for (const name of ['frechet', 'kernelDistance', 'precision', 'recall', 'density', 'coverage'] as const) {
      expect(fitted![name]!.value).toBeTypeOf('number');
    }
    expect(fitted!.elbo!.value - prior!.elbo!.value).toBeCloseTo(fitted!.elboGain!.value, 6);
    expect(prior!.elbo!.value).toBeLessThan(0);
    expect(result.attribution!.text).toContain('with N(0, I)');
    expect(result.imageMemorisation!.text).toContain('training image');
    expect(result.extractor).toMatchObject({ name: 'pixels', distance: 'pixel Fréchet distance' });
    expect(result.summary).toContain(', Fréchet ');
  });

  it('measures whole what is chosen and N(0, I) alone, where asked: the same numbers, the others by log-density', async () => {
    const names = familiesOf('full-gaussian,mixture-4');
    const { result: all } = await repair(input, names, { ...options, model });
    const { result } = await repair(input, names, { ...options, model, examined: 'chosen' });
    const { chosen, samplers, posterior, attribution } = result;
    expect(chosen).toBe('mixture-4');
    const timeless = ({ seconds: _, ...rest }: SamplerResult) => rest;
    expect([samplers[0]!, samplers[2]!].map(timeless)).toEqual([all.samplers[0]!, all.samplers[2]!].map(timeless));
    expect(samplers[1]!.elboGain).toEqual(all.samplers[1]!.elboGain);
    expect(samplers[1]!.frechet).toBeUndefined();
    expect([posterior, attribution]).toEqual([all.posterior, all.attribution]);
    expect(posterior!.frechet).toEqual(attribution!.posterior);
    expect(posterior!.recall.unit).toBe('share');
  });

  it('has no ELBO of grey pixels', async () => {
    const { result } = await repair(input, familiesOf('full-gaussian'), {
      ...options,
      model: { ...model, binary: false },
    });
    expect(result.samplers[0]!.elbo).toBeUndefined();
    expect(result.notes.join(' ')).toContain('cross-entropy is no likelihood');
  });

  it('refuses images that are not those of the held-out codes', async () => {
    const short = { ...model, heldOut: images(299, 1) };
    await expect(repair(input, familiesOf('prior'), { ...options, model: short })).rejects.toThrow(
      'repair: expected an image for each held-out code, got 299 images for 300 codes',
    );
  });
});
