import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { normals } from '../../../../test/support/latentCodes.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { fourierAdder, fourierMmd, fourierSums, mergeFourierSums } from './fourierSums.js';

const runtime = nodeRuntime({ threads: 1 });
const sumsOf = async (z: Float32Array, latents: number, seed: number) => {
  const adder = await fourierAdder(latents, seed, runtime);
  const sums = fourierSums();
  await adder.add(sums, z);
  await adder.release();
  return sums;
};

describe('fourierMmd', () => {
  it('refuses N(0, I) at 5% in 1–11% of 100 repeats, and is unbiased there', async () => {
    const [n, latents, repeats] = [1000, 3, 100];
    const adder = await fourierAdder(latents, 1, runtime);
    let refused = 0;
    const values: number[] = [];
    for (let seed = 1; seed <= repeats; seed++) {
      const sums = fourierSums();
      await adder.add(sums, normals(n * latents, 'null', seed));
      const { value, pValue } = fourierMmd(sums, latents, 1);
      values.push(value);
      if (pValue! <= 0.05) refused++;
    }
    await adder.release();
    expect(refused).toBeGreaterThanOrEqual(1);
    expect(refused).toBeLessThanOrEqual(11);
    const mean = values.reduce((sum, value) => sum + value, 0) / repeats;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repeats - 1);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(variance / repeats));
  });

  it('is the squared distance of characteristic functions: that of two Gaussians in closed form', async () => {
    // Σ_c E k(q, q) + E k(p, p) − 2 E k(q, p) for q = N((s, 0), I): each is (c²ℓ²/(c²ℓ² + 2))^{D/2} exp(−s²/(2(c²ℓ² + 2))).
    const [n, latents, shift, seeds] = [20_000, 2, 0.5, 12];
    const square = 2 * latents * (1 - 2 / (9 * latents)) ** 3;
    const expected = [0.5, 1, 2]
      .map((c) => c * c * square)
      .map((width) => 2 * (width / (width + 2)) ** (latents / 2) * (1 - Math.exp(-(shift ** 2) / (2 * (width + 2)))))
      .reduce((sum, value) => sum + value, 0);
    const z = normals(n * latents, 'shifted').map((v, i) => (i % latents === 0 ? v + shift : v));
    const values: number[] = [];
    for (let seed = 1; seed <= seeds; seed++)
      values.push(fourierMmd(await sumsOf(z, latents, seed), latents, seed).value);
    const mean = values.reduce((sum, value) => sum + value, 0) / seeds;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1);
    // The error of the frequencies, and that of one set of codes.
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / seeds) + 0.1 * expected);
    expect(fourierMmd(await sumsOf(z, latents, 1), latents, 1).pValue).toBe(1 / 201);
  });

  it('joins by adding', async () => {
    const z = normals(4000, 'parts');
    const parts = await sumsOf(z.slice(0, 1234), 2, 5);
    mergeFourierSums(parts, await sumsOf(z.slice(1234), 2, 5));
    const whole = await sumsOf(z, 2, 5);
    expect(parts.n).toBe(2000);
    expectClose(parts.cos, whole.cos, { absolute: 1e-6 });
    expectClose(parts.sin, whole.sin, { absolute: 1e-6 });
  });
});
