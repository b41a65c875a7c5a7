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
import { input, mul, sum, type Tensor } from '../../../engine/graph/index.js';
import { evaluate } from '../../../engine/interpreter/index.js';
import { views } from '../../../engine/program/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { flowDraw } from './draw.js';
import { latentDiffusion, latentDiffusionFamily } from './index.js';
import { alphaOf, drawLevels, levelAt, sigmaOf } from './levels.js';

const runtime = nodeRuntime();

describe('levels', () => {
  it('fall from code to noise, in shares that sum to one', () => {
    const levels = [0, 0.25, 0.5, 0.75, 1].map(levelAt);
    expectClose([levels[0]!, levels[2]!, levels[4]!], [8, 0, -8], { absolute: 1e-9 });
    levels.forEach((level, i) => {
      if (i > 0) expect(level).toBeLessThan(levels[i - 1]!);
      expect(alphaOf(level) ** 2 + sigmaOf(level) ** 2).toBeCloseTo(1, 12);
      expect(2 * Math.log(alphaOf(level) / sigmaOf(level))).toBeCloseTo(level, 9);
    });
  });

  it('of a draw rise from noise to code', () => {
    expectClose(drawLevels(3), [-7, 0, 7], { absolute: 1e-12 });
  });
});

describe('a draw along the probability flow', () => {
  // Codes from N(0, s² I) have v* = (α σ − α s² σ) x / (α² s² + σ²), and the flow of them is x ↦ s x but for the ends.
  const spread = 0.3;
  const exact = (x: Tensor, level: number): Tensor => {
    const [a, s] = [alphaOf(level), sigmaOf(level)];
    return mul(x, (a * s * (1 - spread ** 2)) / (a ** 2 * spread ** 2 + s ** 2));
  };
  const drawnOf = (steps: number, noise: readonly number[]): Float64Array =>
    evaluate([flowDraw(input('noise', [noise.length, 1]), steps, exact)], { noise })[0]!;

  it('takes N(0, I) to the codes when the velocity is exact, the better the more steps', () => {
    const noise = [-2, -0.5, 0.3, 1.7];
    const errorOf = (steps: number): number =>
      Math.max(...drawnOf(steps, noise).map((z, i) => Math.abs(z / noise[i]! / spread - 1)));
    expect(errorOf(24)).toBeLessThan(0.03);
    expect(errorOf(200)).toBeLessThan(0.01);
    expect(errorOf(12)).toBeGreaterThan(errorOf(24));
  });
});

describe('the loss', () => {
  const model = latentDiffusion({ latents: 3, hidden: 12, drawSteps: 4 });
  const parameters = Object.fromEntries(
    Object.entries(model.shapes).map(([name, shape]) => [name, input(name, shape)]),
  );
  const lossOf = (n: number): Tensor =>
    model.loss(parameters, input('w', [n, 3]), { noise: input('noise', [n, 3]), level: input('level', [n, 1]) });
  const feedsOf = (n: number) => {
    const level = new Float32Array(n);
    model.chances[1]!.draw(level, keyedStream(1, 'test/level', 0));
    return { w: normals(3 * n, 'w'), noise: normals(3 * n, 'noise'), level };
  };

  it('starts as that of the best velocity for N(0, I), which is 0', () => {
    const losses = evaluate([lossOf(4000)], { ...views(model.initial(1), model.shapes), ...feedsOf(4000) })[0]!;
    const found = meanOf(losses); // E |α ε − σ w|² = D
    expect(Math.abs(found.value - 3)).toBeLessThan(4 * found.se);
  });

  it('reaches every parameter', () => {
    const names = Object.keys(model.shapes);
    const gradients = grad(
      sum(lossOf(8)),
      names.map((name) => parameters[name]!),
    );
    evaluate(gradients, { ...drawnParameters(model.shapes, 0.5), ...feedsOf(8) }).forEach((values, i) => {
      expect(
        values.some((g) => g !== 0),
        names[i],
      ).toBe(true);
    });
  });

  it('sees every level in each batch', () => {
    const { level } = feedsOf(100);
    const sorted = [...level].toSorted((a, b) => a - b);
    expect(sorted[0]).toBeLessThan(-6);
    expect(sorted[99]).toBeGreaterThan(6);
    expect(level.filter((v) => v < 0).length).toBeGreaterThanOrEqual(49);
    expect(level.filter((v) => v < 0).length).toBeLessThanOrEqual(51);
  });
});

describe('the family', () => {
  const family = latentDiffusionFamily({
    architecture: { hidden: 48, drawSteps: 20 },
    schedule: { batch: 128, rate: 5e-3, epochs: 1, steps: [1000, 1000] },
  });

  it('draws two moons, and the same from a file and through ONNX', async () => {
    const sampler = await family.fit(codesOf(twoMoons(4000), 2), { seed: 1, runtime });
    expect(sampler.noise).toBe(2);
    expect(sampler.logProb).toBeUndefined();
    const noise = normals(300 * 2, 'noise');
    const draws = await drawn(sampler, noise);
    expectClose(draws, interpreted(sampler, noise), { relative: 1e-3, absolute: 1e-3 });
    expect(energyTest(draws, twoMoons(300, 2), 2)).toBeGreaterThan(0.01);
    const again = family.load(structuredClone(sampler.save()), runtime);
    expect(await drawn(again, noise)).toEqual(draws);
  });
});
