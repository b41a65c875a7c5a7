import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { decodeModel } from '../../engine/onnx/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { drawSamples, noiseOf, samplerOnnx } from './draw.js';
import { fullGaussian } from './fullGaussian.js';
import { familyNamed } from './index.js';

const runtime = nodeRuntime();
const codes = { mu: Float32Array.of(0, 1, 2, 3, 4, 8), sigma: new Float32Array(6).fill(1), n: 3, latents: 2 };

describe('draws', () => {
  it('are the factor of the covariance times the noise of the seed, over several blocks', async () => {
    const sampler = await familyNamed('full-gaussian').fit(codes, { seed: 1, runtime });
    const z = await drawSamples(sampler, 2500, 3, runtime);
    const noise = noiseOf(2500, 2, 3);
    // m = [2, 4], C = [[8/3 + 1, 14/3], [14/3, 26/3 + 1]]
    const a = Math.sqrt(11 / 3);
    const b = 14 / 3 / a;
    const c = Math.sqrt(29 / 3 - b * b);
    for (const row of [0, 999, 1000, 2499]) {
      const [e, f] = [noise[2 * row]!, noise[2 * row + 1]!];
      expect(z[2 * row]).toBeCloseTo(2 + a * e, 4);
      expect(z[2 * row + 1]).toBeCloseTo(4 + b * e + c * f, 4);
    }
    const density = fullGaussian(Float64Array.of(2, 4), Float64Array.of(11 / 3, 14 / 3, 14 / 3, 29 / 3));
    const values = await sampler.logProb!(z);
    density.logProb(z).forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 4);
    });
  });

  it('of fewer are the first of more', () => {
    expect(noiseOf(5, 3, 7)).toEqual(noiseOf(9, 3, 7).subarray(0, 15));
    expect(noiseOf(5, 3, 7)).not.toEqual(noiseOf(5, 3, 8));
  });

  it.each([0, -1, 1.5, Number.NaN])('are not %d', (n) => {
    expect(() => noiseOf(n, 2, 1)).toThrow(new InputError(`n: expected a whole number above 0, got ${n}`));
  });

  it('come from a file with one input and one output of any batch', async () => {
    const sampler = await familyNamed('prior').fit(codes, { seed: 1, runtime });
    const { graph, metadataProps } = decodeModel(samplerOnnx(sampler));
    expect(graph?.input.map(({ name }) => name)).toEqual(['noise']);
    expect(graph?.output.map(({ name }) => name)).toEqual(['z']);
    expect(Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]))).toMatchObject({
      'zdist.part': 'sampler',
      'zdist.sampler': 'prior',
      'zdist.latents': '2',
    });
  });
});
