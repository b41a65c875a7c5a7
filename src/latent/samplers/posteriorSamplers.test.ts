import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { codesOf, normals, twoMoons } from '../../../test/support/latentCodes.js';
import { InputError } from '../../engine/errors/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { aggregatePosteriorFamily } from './aggregatePosterior.js';
import { drawSamples } from './draw.js';
import { kernelDensityFamily } from './kernelDensity.js';
import { medoidPosteriorsFamily } from './medoidPosteriors.js';
import type { Sampler, TrainingCodes } from './sampler.js';

const runtime = nodeRuntime();
const options = { seed: 1, runtime };
const moons = (n: number, seed = 1): TrainingCodes => ({
  ...codesOf(twoMoons(n, seed), 2),
  sigma: normals(2 * n, 'sigma', seed).map((v) => 0.05 * Math.exp(0.3 * v)),
});
const codes = moons(700);
const points = twoMoons(50, 9);

/** ln Σ_k w_k N(z; m_k, diag s_k²), term by term. */
const direct = (z: Float32Array, weights: ArrayLike<number>, m: Float32Array, s: Float32Array): number[] =>
  Array.from({ length: z.length / 2 }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const [e, f] = [0, 1].map((d) => (z[2 * row + d]! - m[2 * k + d]!) / s[2 * k + d]!) as [number, number];
      sum += (weights[k]! * Math.exp(-0.5 * (e * e + f * f))) / (2 * Math.PI * s[2 * k]! * s[2 * k + 1]!);
    }
    return Math.log(sum);
  });

const indexOfRow = (z: Float32Array, x: number, y: number): number => {
  for (let row = 0; row < z.length / 2; row++) if (z[2 * row] === x && z[2 * row + 1] === y) return row;
  return -1;
};

describe('the aggregate posterior', () => {
  it('has the density of all posteriors', async () => {
    const sampler = await aggregatePosteriorFamily().fit(codes, options);
    const weights = new Float64Array(codes.n).fill(1 / codes.n);
    expectClose(await sampler.logProb!(points), direct(points, weights, codes.mu, codes.sigma), { absolute: 6e-4 });
  });

  it('draws each code about as often as any other', async () => {
    const narrow = { ...codes, sigma: new Float32Array(2 * codes.n).fill(1e-30) };
    const sampler = await aggregatePosteriorFamily().fit(narrow, options);
    const draws = await drawSamples(sampler, 7000, 1, runtime);
    const counts = new Float64Array(codes.n);
    for (let row = 0; row < 7000; row++) counts[indexOfRow(codes.mu, draws[2 * row]!, draws[2 * row + 1]!)]!++;
    const chi = counts.reduce((sum, count) => sum + (count - 10) ** 2 / 10, 0);
    expect(Math.abs(chi - (codes.n - 1))).toBeLessThan(4 * Math.sqrt(2 * (codes.n - 1)));
  });
});

describe('medoid posteriors', () => {
  it('are posteriors of training codes, with the density of their mixture', async () => {
    const sampler = await medoidPosteriorsFamily(20).fit(codes, options);
    const { weights, means, factors } = sampler.save().arrays;
    expect(sampler.name).toBe('posteriors of 20 medoids');
    expect(weights!.data.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    for (let k = 0; k < 20; k++) {
      const row = indexOfRow(codes.mu, means!.data[2 * k]!, means!.data[2 * k + 1]!);
      expect(row).toBeGreaterThanOrEqual(0);
      expect(factors!.data[2 * k]).toBe(codes.sigma[2 * row]);
    }
    const found = await sampler.logProb!(points);
    expectClose(found, direct(points, weights!.data, means!.data, factors!.data), { absolute: 1e-6, relative: 1e-6 });
  });

  it('are as many as a tenth of the codes at most', async () => {
    const sampler = await medoidPosteriorsFamily().fit(moons(100), options);
    expect(sampler.facts.components).toBeLessThanOrEqual(10);
  });
});

describe('kernel density', () => {
  const heldOut = moons(400, 2);
  const meanOn = async (sampler: Sampler): Promise<number> =>
    (await sampler.logProb!(heldOut.mu)).reduce((sum, value) => sum + value, 0) / heldOut.n;

  it('has the density of its kernels', async () => {
    const sampler = await kernelDensityFamily(300).fit(codes, options);
    const { points: centres, factor } = sampler.save().arrays;
    const [a, , b, c] = factor!.data;
    const expected = Array.from({ length: 50 }, (_, row) => {
      let sum = 0;
      for (let k = 0; k < 300; k++) {
        const e = (points[2 * row]! - centres!.data[2 * k]!) / a!;
        const f = (points[2 * row + 1]! - centres!.data[2 * k + 1]! - b! * e) / c!;
        sum += Math.exp(-0.5 * (e * e + f * f)) / (2 * Math.PI * a! * c!) / 300;
      }
      return Math.log(sum);
    });
    expectClose(await sampler.logProb!(points), expected, { absolute: 1e-3 });
  });

  it('takes the bandwidth that held-out codes like best', async () => {
    const family = kernelDensityFamily();
    const draws = { ...codes, sigma: new Float32Array(2 * codes.n) };
    const sampler = await family.fit(draws, { ...options, heldOut: { ...heldOut, sigma: new Float32Array(800) } });
    const best = await meanOn(sampler);
    const saved = sampler.save();
    for (const scale of [0.7, 0.9, 1.1, 1.4]) {
      const factor = { shape: [2, 2], data: saved.arrays.factor!.data.map((value) => scale * value) };
      const other = family.load({ ...saved, arrays: { ...saved.arrays, factor } }, runtime);
      expect(await meanOn(other)).toBeLessThan(best);
    }
  });
});

it.each([aggregatePosteriorFamily(), medoidPosteriorsFamily()])('$name takes no draws', async (family) => {
  await expect(family.fit(codesOf(twoMoons(100), 2), options)).rejects.toThrow(
    new InputError(`${family.name}: expected posteriors with every sigma above 0, got codes that are draws`),
  );
});
