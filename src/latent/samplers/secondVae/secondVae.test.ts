import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import {
  codesOf,
  drawn,
  drawnParameters,
  energyTest,
  interpreted,
  meanOf,
  normals,
  twoMoons,
} from '../../../../test/support/latentCodes.js';
import { grad } from '../../../engine/autodiff/index.js';
import { input, sum, type Tensor } from '../../../engine/graph/index.js';
import { evaluate } from '../../../engine/interpreter/index.js';
import { views } from '../../../engine/program/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { secondVae, secondVaeFamily } from './index.js';

const runtime = nodeRuntime();
const model = secondVae({ latents: 3, hidden: 10 });
const parameters: Record<string, Tensor> = Object.fromEntries(
  Object.entries(model.shapes).map(([name, shape]) => [name, input(name, shape)]),
);
const loss = (n: number): Tensor => model.loss(parameters, input('w', [n, 3]), { noise: input('noise', [n, 3]) });

describe('the loss of the second VAE', () => {
  it('starts as minus the likelihood of N(0, I), with the latents in use', () => {
    const n = 5_000;
    const [w, noise] = [normals(3 * n, 'w'), normals(3 * n, 'posterior')];
    const values = evaluate([loss(n)], { ...views(model.initial(1), model.shapes), w, noise })[0]!;
    const likelihood = Array.from({ length: n }, (_, i) => {
      const squares = w[3 * i]! ** 2 + w[3 * i + 1]! ** 2 + w[3 * i + 2]! ** 2;
      return 0.5 * squares + 1.5 * Math.log(2 * Math.PI);
    });
    const gaps = meanOf(values.map((v, i) => v - likelihood[i]!));
    expect(Math.abs(gaps.value)).toBeLessThan(4 * gaps.se);
  });

  it('is a bound: nowhere below minus the likelihood of what it draws, for any parameters', () => {
    // One latent, output of one scale: the likelihood is an integral over u on a grid.
    const small = secondVae({ latents: 1, hidden: 4 });
    const own = Object.fromEntries(Object.entries(small.shapes).map(([name, shape]) => [name, input(name, shape)]));
    const values = drawnParameters(small.shapes, 0.4);
    const w = 0.7;
    const n = 4000;
    const feeds = { ...values, w: new Float32Array(n).fill(w), noise: normals(n, 'bound') };
    const losses = evaluate([small.loss(own, input('w', [n, 1]), { noise: input('noise', [n, 1]) })], feeds)[0]!;
    const ticks = Float64Array.from({ length: 4000 }, (_, i) => -8 + (i + 0.5) * 0.004);
    const noise = Float64Array.from({ length: 8000 }, (_, i) => (i % 2 === 0 ? ticks[i >> 1]! : 0));
    const means = evaluate([small.draw(own, input('u', [4000, 2]))], { ...values, u: noise })[0]!;
    const shifted = evaluate([small.draw(own, input('u', [1, 2]))], { ...values, u: [0, 1] })[0]![0]!;
    const still = evaluate([small.draw(own, input('u', [1, 2]))], { ...values, u: [0, 0] })[0]![0]!;
    const gamma = shifted - still;
    const likelihood = ticks.reduce((total, u, i) => {
      const density = Math.exp(-0.5 * u ** 2 - 0.5 * ((w - means[i]!) / gamma) ** 2) / (2 * Math.PI * gamma);
      return total + density * 0.004;
    }, 0);
    const bound = meanOf(losses);
    expect(bound.value).toBeGreaterThan(-Math.log(likelihood) - 4 * bound.se);
  });

  it('reaches every parameter', () => {
    const names = Object.keys(model.shapes);
    const gradients = grad(
      sum(loss(5)),
      names.map((name) => parameters[name]!),
    );
    const feeds = { ...drawnParameters(model.shapes, 0.5), w: normals(15, 'w'), noise: normals(15, 'noise') };
    evaluate(gradients, feeds).forEach((values, i) => {
      expect(
        values.some((g) => g !== 0),
        names[i],
      ).toBe(true);
    });
  });
});

describe('the family', () => {
  const family = secondVaeFamily({
    architecture: { hidden: 48 },
    schedule: { batch: 128, rate: 5e-3, epochs: 1, steps: [1000, 1000] },
  });

  it('draws two moons far better than a Gaussian does, and the same from a file and through ONNX', async () => {
    const codes = codesOf(twoMoons(4000), 2);
    const sampler = await family.fit(codes, { seed: 1, runtime });
    expect(sampler.noise).toBe(4);
    expect(sampler.logProb).toBeUndefined();
    expect(sampler.facts.heldOutLoss).toBeLessThan(2.6); // of a Gaussian 2.84: ln 2πe
    const noise = normals(300 * 4, 'noise');
    const draws = await drawn(sampler, noise);
    expectClose(draws, interpreted(sampler, noise), { relative: 1e-4, absolute: 1e-4 });
    expect(energyTest(draws, twoMoons(300, 2), 2)).toBeGreaterThan(0.01);
    const again = family.load(structuredClone(sampler.save()), runtime);
    expect(await drawn(again, noise)).toEqual(draws);
  });
});
