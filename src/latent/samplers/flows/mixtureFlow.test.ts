import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { codesOf, drawnParameters, meanOf, normals, plantedMixture } from '../../../../test/support/latentCodes.js';
import { grad } from '../../../engine/autodiff/index.js';
import { InputError } from '../../../engine/errors/index.js';
import { input, sum } from '../../../engine/graph/index.js';
import { evaluate } from '../../../engine/interpreter/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { componentsLogProb, componentsSampler, savedComponents } from '../gaussianComponents.js';
import { gaussianMixture } from '../gaussianMixture/index.js';
import { mixtureFamily } from '../mixtureSampler.js';
import { perClassFamily } from '../perClass.js';
import { flowModel, mixtureFlowFamily, realNvp } from './index.js';

const runtime = nodeRuntime();
const options = { seed: 1, runtime };
const { latents } = plantedMixture;
const architecture = { components: 3, couplings: 4, hidden: 16 };
const schedule = { batch: 128, rate: 5e-3, epochs: 1, steps: [100, 100] } as const;
const family = mixtureFlowFamily({ architecture, schedule });
const codes = codesOf(plantedMixture.draw(3000), latents);
const fresh = plantedMixture.draw(2000, 2);
/** A deadline that has come. */
const late = { ...options, deadline: { now: () => 1, at: 1 } };

describe('a mixture as a base', () => {
  const mixture = gaussianMixture({
    kind: 'gaussianMixture',
    covariance: 'full',
    latents: 2,
    weights: [0.6, 0.4],
    means: [-1, 0.5, 2, 1],
    factors: [1, 0, 0.5, 0.25, 0.4, 0, -0.3, 0.9],
    iterations: 0,
    converged: true,
  });
  const saved = savedComponents('mixture', 2, { ...mixture, facts: {}, notes: [] });
  const points = normals(2 * 50, 'points').map((value) => 3 * value);

  it('has the density of the mixture as a graph', async () => {
    const [values] = evaluate([componentsLogProb(saved)(input('u', [50, 2]))], { u: points });
    expectClose(values!, await mixture.logProb(points), { absolute: 1e-5, relative: 1e-6 });
  });

  it('far from every component stays finite', () => {
    const [values] = evaluate([componentsLogProb(saved)(input('u', [1, 2]))], { u: [1e3, -1e3] });
    expect(values![0]).toBeLessThan(-1e5);
    expect(Number.isFinite(values![0])).toBe(true);
  });

  it('passes a gradient to every parameter of the flow', () => {
    const flow = realNvp({ latents: 2, couplings: 4, hidden: 8 });
    const { noise, toGraph } = componentsSampler(saved, runtime, { title: String });
    const model = flowModel(flow, { noise, draw: toGraph, logProb: componentsLogProb(saved) });
    expect(model.noise).toBe(3);
    const names = Object.keys(flow.shapes);
    const parameters = Object.fromEntries(names.map((name) => [name, input(name, flow.shapes[name]!)]));
    const loss = sum(model.loss(parameters, input('x', [50, 2]), {}));
    const gradients = evaluate(
      grad(
        loss,
        names.map((name) => parameters[name]!),
      ),
      { ...drawnParameters(flow.shapes, 0.3), x: points },
    );
    for (const gradient of gradients) expect(gradient.some((value) => value !== 0)).toBe(true);
  });

  it('of diagonal components is refused', () => {
    const diagonal = savedComponents('mixture', 1, {
      ...{ covariance: 'diagonal', weights: [1], means: [0], factors: [1], facts: {}, notes: [] },
    });
    expect(() => componentsLogProb(diagonal)).toThrow(
      new InputError('mixture: covariance: expected full, got diagonal'),
    );
  });
});

describe('mixture-flow', () => {
  it('is a mixture where there is no time to train, and says what was left undone', async () => {
    const sampler = await family.fit(codes, late);
    expect(sampler.notes).toEqual([
      'ended early, after 1 of 1 starts and 0 iterations on all codes',
      'the time was up after 0 of 100 steps',
    ]);
    expect(sampler.name).toBe('mixture of 3 Gaussians through a flow');
    expect(sampler.noise).toBe(latents + 1);
    const mixture = await mixtureFamily({ name: 'm', complexity: 1, covariance: 'full', components: 3, starts: 1 }).fit(
      codes,
      options,
    );
    const own = await sampler.logProb!(fresh);
    const gaps = (await mixture.logProb!(fresh)).map((value, i) => value - own[i]!);
    expect(Math.abs(meanOf(gaps).value)).toBeLessThan(0.05);
  });

  it('describes fresh codes as the law they are drawn from does', async () => {
    const sampler = await family.fit(codes, options);
    expect(sampler.notes).toEqual([]);
    expect(sampler.facts).toMatchObject({ components: 3, steps: 100 });
    const truth = plantedMixture.logProb(fresh);
    const gaps = meanOf((await sampler.logProb!(fresh)).map((value, i) => truth[i]! - value));
    expect(gaps.value).toBeGreaterThan(-4 * gaps.se);
    expect(gaps.value).toBeLessThan(0.1);
  });

  it('tells its progress from 0 to 1', async () => {
    const shares: number[] = [];
    await family.fit(codes, { ...options, onProgress: (share) => shares.push(share) });
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBeLessThan(0.3);
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
  });

  it('comes back from a file as the sampler of a class, too', async () => {
    const labels = Array.from({ length: codes.n }, (_, i) => i % 2);
    const perClass = perClassFamily(family);
    const saved = (await perClass.fit({ ...codes, labels }, late)).save();
    expect(perClass.load(saved, runtime).save()).toEqual(saved);
  });

  it('takes fewer components of fewer codes', async () => {
    const few = await mixtureFlowFamily({ schedule: { ...schedule, steps: [25, 25] } }).fit(
      codesOf(plantedMixture.draw(400), latents),
      options,
    );
    expect(few.facts.components).toBe(7); // of 360 codes, 40 held out, 12 each of 4 latents
  });

  it('refuses one latent, and a file without its mixture', async () => {
    await expect(family.fit(codesOf(normals(100, 'one'), 1), options)).rejects.toThrow(
      new InputError('mixture-flow: expected at least 2 latents to couple, got 1'),
    );
    const saved = (await family.fit(codes, late)).save();
    const { 'base.family': _, ...settings } = saved.settings;
    expect(() => family.load({ ...saved, settings }, runtime)).toThrow(
      new InputError('mixture-flow: base: expected a mixture, got none'),
    );
  });
});
