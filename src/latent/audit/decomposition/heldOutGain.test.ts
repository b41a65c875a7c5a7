import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { fullGaussian } from '../../samplers/index.js';
import { mixtureDensity } from '../mixture/index.js';
import { decompose, heldOutGain } from './index.js';

describe('heldOutGain', () => {
  it('is the KL to the prior where the density is that of the draws', async () => {
    const mean = Float64Array.of(0.5, -1);
    const gaussian = fullGaussian(mean, Float64Array.of(1, 0.5, 0.5, 0.8));
    const n = 20_000;
    const z = gaussian.sample(n, keyedStream(1, 'test/z', 0));
    const gain = await heldOutGain({ name: 'the Gaussian', logProb: (x) => gaussian.logProb(x) }, { z, n, latents: 2 });
    const kl = 0.5 * (1.8 + 1.25 - 2 - Math.log(0.8 - 0.25));
    expect(Math.abs(gain.value - kl)).toBeLessThan(4 * gain.se!);
    expect(gain.se).toBeLessThan(0.02);
    expect(gain).toMatchObject({ n, unit: 'nats', by: 'the Gaussian' });
  });

  it('is below the KL for any other density, and below 0 for one worse than the prior', async () => {
    const n = 5000;
    const z = new Float32Array(2 * n);
    keyedStream(2, 'test/z', 0).fillNormal(z);
    const off = fullGaussian(Float64Array.of(1, 0), Float64Array.of(1, 0, 0, 1));
    const gain = await heldOutGain({ name: 'off', logProb: (x) => off.logProb(x) }, { z, n, latents: 2 });
    expect(Math.abs(gain.value + 0.5)).toBeLessThan(4 * gain.se!);
  });

  it('of the train mixture on codes it has not seen is below the in-sample marginal KL', async () => {
    const [n, latents] = [300, 6];
    const codes = (seed: number): Float32Array => {
      const mu = new Float32Array(n * latents);
      keyedStream(seed, 'test/mu', 0).fillNormal(mu);
      return mu.map((v) => 0.9 * v);
    };
    const sigma = new Float32Array(n * latents).fill(0.3);
    const q = { mu: codes(1), sigma, n, latents };
    const density = await mixtureDensity(q, nodeRuntime());
    const inSample = await decompose(q, density, { draws: 1000, seed: 1 });
    const noise = new Float32Array(n * latents);
    keyedStream(3, 'test/noise', 0).fillNormal(noise);
    const z = codes(2).map((mu, i) => mu + 0.3 * noise[i]!);
    const gain = await heldOutGain(density, { z, n, latents });
    await density.release();
    expect(inSample.saturated).toBe(true);
    expect(gain.value).toBeLessThan(inSample.marginalKl.value - 1);
  });

  it('refuses draws and densities that do not fit', async () => {
    const density = { name: 'short', logProb: () => new Float64Array(1) };
    await expect(heldOutGain(density, { z: new Float32Array(4), n: 2, latents: 2 })).rejects.toThrow(
      new ShapeError('heldOutGain: expected z [n, 2] with n at least 2 and n values of short, got n 2, 4 and 1 values'),
    );
  });
});
