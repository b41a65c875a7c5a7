import { describe, expect, it } from 'vitest';
import { codesOf, normals, twoMoons } from '../../../../test/support/latentCodes.js';
import { InputError } from '../../../engine/errors/index.js';
import { mul, reciprocal, sum } from '../../../engine/graph/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import type { FitOptions } from '../sampler.js';
import { trainedFamily } from './family.js';
import { trainLatents } from './fit.js';
import type { LatentModel } from './latentModel.js';
import { fitWhitening } from './whitening.js';

/** A Gaussian whose log-scales are learned: as small as a model can be. */
const model = (latents: number): LatentModel => ({
  shapes: { 'scale.weight': [latents] },
  noise: latents,
  initial: () => new Float32Array(latents).fill(0.5),
  chances: [{ name: 'chance', width: 1, draw: (out, stream) => stream.fillNormal(out) }],
  loss: (parameters, white, { chance }) =>
    sum(mul(mul(white, mul(chance!, chance!)), mul(white, parameters['scale.weight']!)), 1),
  draw: (_, noise) => noise,
});
const codes = codesOf(twoMoons(900), 2);
const options: FitOptions = { seed: 1, runtime: nodeRuntime() };
const schedule = { batch: 64, rate: 0.01, epochs: 1, steps: [100, 100] } as const;
const trained = (changes: Partial<FitOptions> = {}, other: LatentModel = model(2)) =>
  trainLatents(other, fitWhitening(codes), codes, { ...options, ...changes }, schedule);

describe('training over codes', () => {
  it('lowers the held-out loss and tells how long it took', async () => {
    const { facts, notes, parameters } = await trained();
    expect(facts.steps).toBe(100);
    expect(facts.parameters).toBe(2);
    expect(facts.heldOutLoss).toBeLessThan(0.5);
    expect(notes).toEqual([]);
    for (const value of parameters) expect(value).toBeLessThan(0.5);
  });

  it('gives the same bits for the same seed', async () => {
    const [first, again, other] = [await trained(), await trained(), await trained({ seed: 2 })];
    expect(again).toEqual(first);
    expect(other.parameters).not.toEqual(first.parameters);
  });

  it('reads what it stops by from held-out codes when they are given', async () => {
    const far = codesOf(
      twoMoons(300, 2).map((v) => 3 * v),
      2,
    );
    expect((await trained({ heldOut: far })).facts.heldOutLoss).not.toBeCloseTo(
      (await trained()).facts.heldOutLoss!,
      2,
    );
  });

  it('gives what there is when the time is up', async () => {
    let clock = 0;
    const none = await trained({ deadline: { now: () => 0, at: 0 } });
    expect(none.parameters).toEqual(Float32Array.of(0.5, 0.5));
    expect(none.notes).toEqual(['the time was up after 0 of 100 steps']);
    const some = await trained({ deadline: { now: () => clock++, at: 4 } });
    expect(some.notes).toEqual(['the time was up after 50 of 100 steps']);
    expect(some.facts.steps).toBe(50);
    expect(some.parameters[0]).toBeLessThan(0.5);
  });

  it('brings the rate down over the steps that there is time for', async () => {
    let time = 0;
    // Looks at the clock before the first and after every chunk of 25 steps: three chunks fit in.
    const deadline = { now: () => 10 * Math.max(0, time++ - 1), at: 35 };
    const { facts, notes } = await trained({ deadline });
    expect(facts.steps).toBe(75);
    expect(notes).toEqual(['the time was up after 75 of 100 steps']);
    time = 0;
    const enough = await trained({ deadline: { ...deadline, at: 1000 } });
    expect(enough).toEqual(await trained());
  });

  it('tells its progress, and stops where that throws', async () => {
    const shares: number[] = [];
    await trained({ onProgress: (share) => shares.push(share) });
    expect(shares).toEqual([0.25, 0.5, 0.75, 1]);
    const stop = trained({
      onProgress: () => {
        throw new Error('enough');
      },
    });
    await expect(stop).rejects.toThrow('enough');
  });

  it('keeps the best there was when a value is not finite', async () => {
    const endless: LatentModel = {
      ...model(2),
      initial: () => new Float32Array(2),
      chances: [],
      loss: (parameters, white) => sum(mul(mul(white, 0), reciprocal(parameters['scale.weight']!)), 1),
    };
    const { parameters, notes } = await trained({}, endless);
    expect(parameters).toEqual(new Float32Array(2));
    expect(notes[0]).toMatch(/^training ended at step 0: .+ was not finite$/);
  });
});

describe('a trained family', () => {
  const family = trainedFamily({
    name: 'tiny',
    complexity: 9,
    title: ({ size }) => `tiny model of ${size}`,
    architecture: () => ({ size: 3 }),
    schedule: { ...schedule, steps: [25, 25] },
    model,
  });

  it('refuses fewer codes than it needs', async () => {
    const few = family.fit(codesOf(normals(2 * 63, 'few'), 2), options);
    await expect(few).rejects.toThrow(new InputError('tiny: expected at least 64 codes, got 63'));
    const wide = family.fit(codesOf(normals(30 * 100, 'few'), 30), options);
    await expect(wide).rejects.toThrow(new InputError('tiny: expected at least 120 codes, got 100'));
  });

  it('comes back from plain values as it was', async () => {
    const sampler = await family.fit(codesOf(twoMoons(64), 2), { ...options, deadline: { now: () => 1, at: 1 } });
    const again = family.load(structuredClone(sampler.save()), options.runtime);
    expect(again.save()).toEqual(sampler.save());
    const plain = ({ name, family: kind, latents, noise, replays, notes, facts }: typeof sampler) => ({
      name,
      kind,
      latents,
      noise,
      replays,
      notes,
      facts,
    });
    expect(plain(again)).toEqual(plain(sampler));
    expect(sampler.name).toBe('tiny model of 3');
    expect(sampler.notes).toHaveLength(1);
  });

  it('says what a file lacks', async () => {
    const saved = (await family.fit(codesOf(twoMoons(64), 2), options)).save();
    const { mean: _, ...arrays } = saved.arrays;
    expect(() => family.load({ ...saved, arrays }, options.runtime)).toThrow(
      new InputError('tiny: mean: expected 2 values, got none'),
    );
    expect(() => family.load({ ...saved, settings: {} }, options.runtime)).toThrow(
      new InputError('tiny: size: expected a whole number above 0, got undefined'),
    );
  });
});
