import { describe, expect, it } from 'vitest';
import { codesOf, normals } from '../../../test/support/latentCodes.js';
import { InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { drawSamples } from './draw.js';
import { familyNamed } from './families.js';
import { mixtureFamily } from './mixtureSampler.js';

const runtime = nodeRuntime();
const options = { seed: 1, runtime };
const codes = { mu: Float32Array.of(0, 1, 2, 3, 4, 8), sigma: Float32Array.of(1, 2, 1, 2, 1, 5), n: 3, latents: 2 };
const arraysOf = async (name: string) => (await familyNamed(name).fit(codes, options)).save().arrays;

describe('Gaussian samplers', () => {
  it('have the moments of the aggregate posterior', async () => {
    expect([...(await arraysOf('diagonal-gaussian')).means!.data]).toEqual([2, 4]);
    const [s, t] = (await arraysOf('diagonal-gaussian')).factors!.data;
    expect(s! ** 2).toBeCloseTo(8 / 3 + 1, 5);
    expect(t! ** 2).toBeCloseTo(26 / 3 + 11, 5);
    const [a, , b, c] = (await arraysOf('full-gaussian')).factors!.data;
    expect([a! ** 2, a! * b!, b! ** 2 + c! ** 2].map((v) => v.toFixed(4))).toEqual(
      [8 / 3 + 1, 14 / 3, 26 / 3 + 11].map((v) => v.toFixed(4)),
    );
    // Σ μ² = 94, Σ σ² = 36, over six values
    expect((await arraysOf('scaled-prior')).factors!.data[0]! ** 2).toBeCloseTo(130 / 6, 4);
    expect([...(await arraysOf('prior')).factors!.data]).toEqual([1, 1]);
  });

  it.each([
    ['diagonal-gaussian', '1 constant dimension was given a small spread'],
    ['full-gaussian', '1 constant dimension was given a small spread'],
    ['mixture-2', 'variances raised'],
  ])('%s says what it did for a dimension that never changes', async (name, note) => {
    const line = codesOf(
      normals(600, 'line').map((v, i) => (i % 2 === 0 ? v : 3)),
      2,
    );
    const sampler = await familyNamed(name).fit(line, options);
    expect(sampler.notes.join()).toContain(note);
    const draws = await drawSamples(sampler, 50, 1, runtime);
    for (let row = 0; row < 50; row++) expect(draws[2 * row + 1]).toBeCloseTo(3, 1);
    expect((await sampler.logProb!(draws)).every(Number.isFinite)).toBe(true);
    expect(familyNamed(name).load(sampler.save(), runtime).notes).toEqual(sampler.notes);
  });

  it('of no scale at all is refused', async () => {
    const zeros = codesOf(new Float32Array(6), 2);
    await expect(familyNamed('scaled-prior').fit(zeros, options)).rejects.toThrow(
      new InputError('scaled-prior: expected codes that differ from 0, got none'),
    );
  });
});

describe('mixtures', () => {
  const three = codesOf(
    normals(3000, 'three').map((v, i) => 0.4 * v + 4 * (Math.floor(i / 2) % 3)),
    2,
  );

  it('take the number of components that held-out codes want, of those that the codes suffice for', async () => {
    const family = mixtureFamily({ name: 'mixture', complexity: 1, covariance: 'full', components: [1, 3, 900] });
    const sampler = await family.fit(three, options);
    expect(sampler.facts.components).toBe(3);
    expect(sampler.name).toBe('mixture of 3 full Gaussians');
    const diagonal = await familyNamed('mixture-diagonal-3').fit(three, { ...options, heldOut: three });
    expect(diagonal.name).toBe('mixture of 3 diagonal Gaussians');
  });

  it('refuse fewer codes than components', async () => {
    await expect(familyNamed('mixture').fit(codesOf(normals(60, 'few'), 2), options)).rejects.toThrow(
      new InputError('mixture: expected at least 40 codes, got 30'),
    );
  });

  it('end with what there is when the time is up, and say so', async () => {
    const late = { ...options, deadline: { now: () => 5, at: 5 } };
    const one = await familyNamed('mixture-3').fit(three, late);
    expect(one.facts).toMatchObject({ components: 3, iterations: 1, converged: 0 });
    expect(one.notes).toEqual(['EM had not converged when its time was up, after 1 iteration']);
    expect((await one.logProb!(three.mu)).every(Number.isFinite)).toBe(true);
    const sizes = mixtureFamily({ name: 'sizes', complexity: 1, covariance: 'full', components: [2, 3] });
    const first = await sizes.fit(three, late);
    expect(first.facts.components).toBe(2);
    expect(first.notes).toEqual(['sizes up to 2 components were tried before its time was up']);
    const inTime = { ...options, deadline: { now: () => 4, at: 5 } };
    expect((await familyNamed('mixture-3').fit(three, inTime)).notes).toEqual([]);
  });
});
