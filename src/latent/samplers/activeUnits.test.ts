import { expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { activeUnitsFamily } from './activeUnits.js';
import { familyNamed } from './families.js';
import { noiseOf, samplerOnnx } from './index.js';

const runtime = nodeRuntime();
const options = { seed: 1, runtime };
const N = 600;

/** Codes whose mean moves in the dimensions named, with a spread of 2, and stays at 1 in the others. */
const codesOf = (latents: number, active: readonly number[]) => {
  const mu = new Float32Array(N * latents).fill(1);
  const stream = keyedStream(1, 'test/active', 0);
  for (let i = 0; i < N; i++) for (const d of active) mu[i * latents + d] = 2 * stream.normal();
  return { mu, sigma: new Float32Array(N * latents).fill(0.5), n: N, latents };
};
const active = activeUnitsFamily(familyNamed('full-gaussian'));

it('takes each dimension of z from its own noise value: the draws of a seed compare with those of N(0, I)', async () => {
  const sampler = await active.fit(codesOf(4, [1, 3]), options);
  expect(sampler).toMatchObject({ noise: 4, name: 'full Gaussian of 2 active units, 2 others apart' });
  const noise = noiseOf(1, 4, 3);
  const session = await runtime.load(samplerOnnx(sampler));
  const { z } = await session.run({ noise: { dtype: 'float32', data: noise, shape: [1, 4] } });
  await session.release();
  const values = z!.data as Float32Array;
  expect(values[0]).toBeCloseTo(1 + 0.5 * noise[0]!, 5);
  expect(values[2]).toBeCloseTo(1 + 0.5 * noise[2]!, 5);
  // Of the first active unit the factor is its own spread.
  expect(values[1]! / noise[1]!).toBeGreaterThan(1.5);
});

it('refuses codes of which no unit is active, or every one', async () => {
  await expect(active.fit(codesOf(3, []), options)).rejects.toThrow(
    new InputError('active-full-gaussian: expected some of 3 units to be active, got none'),
  );
  await expect(active.fit(codesOf(2, [0, 1]), options)).rejects.toThrow('got every one');
});

it('goes before the name of any family', () => {
  expect(familyNamed('active-mixture-10').name).toBe('active-mixture-10');
  expect(() => familyNamed('active-active-mixture')).toThrow(InputError);
});
