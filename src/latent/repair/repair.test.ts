import { beforeAll, describe, expect, it } from 'vitest';
import { clusters } from '../../../test/support/smallAudit.js';
import { smallCodes as input, smallModel as model, smallImages } from '../../../test/support/smallRepair.js';
import { InputError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import type { Posteriors } from '../audit/index.js';
import { familiesOf, familyNamed } from '../samplers/families.js';
import { drawSamples, type SamplerFamily } from '../samplers/index.js';
import { Interrupted, type RepairOptions } from './options.js';
import { type Repair, repair } from './repair.js';
import type { SamplerResult } from './result.js';

const runtime = nodeRuntime();
const options: RepairOptions = { seed: 1, runtime, draws: 1000 };

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
    expect(result.why).toMatch(/Train encoder and decoder together, by the full ELBO; if they were/);
    const training = { training: 'The regime taught nothing.', advice: 'Choose another.' };
    const told = await repair({ train }, [fails], { ...options, training });
    expect(told.result.why).toMatch(/would fit noise\. The regime taught nothing\. Choose another\.$/);
  });

  it('decides nothing where N(0, I) stands alone', async () => {
    const { result } = await repair(input, [], options);
    expect(result).toMatchObject({ verdict: 'undecided', chosen: 'prior' });
    expect(result.summary).toMatch(/; no other sampler with a density was fitted, so there was nothing to choose$/);
    let asked = 0;
    const stopped = family('stopped', () => {
      asked = 1;
    });
    const early = await repair(input, [stopped], { ...options, interrupted: () => asked > 0 });
    expect(early.result).toMatchObject({ verdict: 'undecided', ended: 'interrupted' });
    expect(early.result.summary).toContain('was fitted: interrupted, so');
  });

  it('draws its control from the noise of N(0, I)', async () => {
    const { control, samplers } = await repair(input, [], options);
    const prior = await drawSamples(samplers[0]!, 64, 1, runtime);
    const { mu, sigma } = input.test as Posteriors;
    expect([control.n, control.latents]).toEqual([64, 2]);
    control.z.forEach((value, i) => {
      expect(value).toBeCloseTo(mu[i]! + sigma[i]! * prior[i]!, 5);
    });
    const halves = await repair({ train: input.train }, [], options);
    expect(halves.control.n).toBe(64);
    const draws = { z: mu, n: 300, latents: 2 };
    expect((await repair({ train: draws, test: draws }, [], options)).control.z).toEqual(mu.subarray(0, 128));
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
  it('measures images too, and finds whose fault they are', async () => {
    const { result } = await repair(input, familiesOf('full-gaussian'), { ...options, model });
    const [prior, fitted] = result.samplers;
    for (const name of ['frechet', 'kernelDistance', 'precision', 'recall', 'density', 'coverage'] as const) {
      expect(fitted![name]!.value).toBeTypeOf('number');
    }
    expect(fitted!.elbo!.value - prior!.elbo!.value).toBeCloseTo(fitted!.elboGain!.value, 6);
    expect(prior!.elbo!.value).toBeLessThan(0);
    const { k, bound, gain, effectiveSamples } = fitted!.iwae!;
    expect([k, bound.n, gain.seed]).toEqual([50, 300, 1]);
    expect(bound.value).toBeGreaterThan(fitted!.elbo!.value - 4 * fitted!.elbo!.se!);
    expect(bound.value - prior!.iwae!.bound.value).toBeCloseTo(gain.value, 6);
    expect(effectiveSamples.value).toBeGreaterThan(1);
    expect(result.attribution!.text).toContain('with N(0, I)');
    expect(result.imageMemorisation!.text).toContain('training image');
    expect(result.extractor).toMatchObject({ name: 'pixels', distance: 'Fréchet distance over pixels' });
    expect(result.summary).toContain(', Fréchet ');
  });

  it('keeps what was measured when it is interrupted', async () => {
    let stop = false;
    const late = family('late', () => {
      stop = true;
    });
    const families = [...familiesOf('full-gaussian'), late];
    const { result } = await repair(input, families, { ...options, model, interrupted: () => stop });
    expect(result).toMatchObject({ ended: 'interrupted', chosen: 'full-gaussian' });
    expect(result.attribution!.cause).toBeTypeOf('string');
    expect(result.imageMemorisation).toBeUndefined();
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
    const { likelihood: _, ...grey } = model;
    const { result } = await repair(input, familiesOf('full-gaussian'), { ...options, model: grey });
    expect(result.samplers[0]).not.toHaveProperty('elbo');
    expect(result.samplers[0]).not.toHaveProperty('iwae');
    expect(result.notes.join(' ')).toContain('there is no likelihood of these images');
  });

  it('refuses images that are not those of the held-out codes', async () => {
    const short = { ...model, heldOut: smallImages(299, 1) };
    await expect(repair(input, familiesOf('prior'), { ...options, model: short })).rejects.toThrow(
      'repair: expected an image for each held-out code, got 299 images for 300 codes',
    );
  });
});
