import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import {
  codesOf,
  drawn,
  energyTest,
  interpreted,
  meanOf,
  normals,
  plantedMixture,
  twoMoons,
} from '../../../../test/support/latentCodes.js';
import { InputError, ShapeError } from '../../../engine/errors/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import type { SamplerFamily } from '../sampler.js';
import { maskedAutoregressiveFamily, realNvpFamily } from './index.js';

const runtime = nodeRuntime();
const options = { seed: 1, runtime };
const schedule = { batch: 256, rate: 5e-3, epochs: 1, steps: [800, 800] } as const;
const families: readonly (readonly [SamplerFamily])[] = [
  [maskedAutoregressiveFamily({ architecture: { blocks: 4, hidden: 32 }, schedule })],
  [realNvpFamily({ architecture: { couplings: 6, hidden: 32 }, schedule })],
];

describe.each(families)('$name', (family) => {
  it('learns a mixture: its density comes near the truth, and its draws are not told from it', async () => {
    const { latents } = plantedMixture;
    const sampler = await family.fit(codesOf(plantedMixture.draw(6000), latents), options);
    const fresh = plantedMixture.draw(3000, 2);
    const truth = plantedMixture.logProb(fresh);
    const gaps = meanOf((await sampler.logProb!(fresh)).map((v, i) => truth[i]! - v));
    expect(gaps.value).toBeGreaterThan(-4 * gaps.se);
    expect(gaps.value).toBeLessThan(0.2);

    const draws = await drawn(sampler, normals(300 * sampler.noise, 'draws'));
    expect(energyTest(draws, plantedMixture.draw(300, 3), latents)).toBeGreaterThan(0.01);
    for (let d = 0; d < latents; d++) {
      const column = (z: Float32Array): Float32Array => z.filter((_, i) => i % latents === d);
      const [own, true_] = [meanOf(column(draws)), meanOf(column(fresh))];
      expect(Math.abs(own.value - true_.value)).toBeLessThan(4 * Math.hypot(own.se, true_.se) + 0.1);
    }
  });

  it('is exact for a Gaussian within what the moments are known to', async () => {
    const codes = {
      ...codesOf(
        normals(2 * 3000, 'gaussian').map((v) => 3 * v + 1),
        2,
      ),
      sigma: new Float32Array(6000).fill(4),
    };
    const sampler = await family.fit(codes, options);
    const fresh = normals(2 * 2000, 'fresh').map((v) => 5 * v + 1); // 3² + 4² = 5²
    const gaps = (await sampler.logProb!(fresh)).map((v, i) => {
      const squares = ((fresh[2 * i]! - 1) / 5) ** 2 + ((fresh[2 * i + 1]! - 1) / 5) ** 2;
      return -0.5 * squares - Math.log(2 * Math.PI * 25) - v;
    });
    expect(Math.abs(meanOf(gaps).value)).toBeLessThan(0.03);
  });

  it('is a density over z: integrates to one over two moons', async () => {
    const quick = { ...options, deadline: deadlineAfter(8) };
    const sampler = await family.fit(codesOf(twoMoons(1000), 2), quick);
    const step = 0.05;
    const ticks = Array.from({ length: 200 }, (_, i) => -5 + (i + 0.5) * step);
    const logProb = await sampler.logProb!(Float32Array.from(ticks.flatMap((a) => ticks.flatMap((b) => [a, b]))));
    expect(logProb.reduce((p, v) => p + Math.exp(v), 0) * step ** 2).toBeCloseTo(1, 2);
  });

  it('draws and scores the same from a file, and through ONNX what the interpreter says', async () => {
    const quick = { ...options, deadline: deadlineAfter(4) };
    const codes = codesOf(plantedMixture.draw(500), 4);
    const [sampler, twin] = [
      await family.fit(codes, quick),
      await family.fit(codes, { ...options, deadline: deadlineAfter(4) }),
    ];
    expect(twin.save()).toEqual(sampler.save());
    const again = family.load(structuredClone(sampler.save()), runtime);
    const [noise, z] = [normals(50 * sampler.noise, 'noise'), plantedMixture.draw(1500, 5)];
    const draws = await drawn(sampler, noise);
    expectClose(draws, interpreted(sampler, noise), { relative: 1e-4, absolute: 1e-4 });
    expect(await drawn(again, noise)).toEqual(draws);
    expect(await again.logProb!(z)).toEqual(await sampler.logProb!(z));
  });

  it('refuses a part of a row', async () => {
    const sampler = await family.fit(codesOf(twoMoons(100), 2), { ...options, deadline: deadlineAfter(0) });
    await expect(sampler.logProb!(new Float32Array(3))).rejects.toThrow(
      new ShapeError('logProb: z: expected rows of 2 values, got 3 values'),
    );
  });
});

describe('what a flow cannot be fitted to', () => {
  it('one latent has nothing to couple with', async () => {
    await expect(realNvpFamily().fit(codesOf(normals(100, 'one'), 1), options)).rejects.toThrow(
      new InputError('realnvp: expected at least 2 latents to couple, got 1'),
    );
  });

  it('too many latents make too many steps', async () => {
    await expect(maskedAutoregressiveFamily().fit(codesOf(normals(65 * 300, 'many'), 65), options)).rejects.toThrow(
      new InputError('maf: expected at most 64 latents (a draw takes a step each), got 65'),
    );
  });
});

/** A deadline that comes after so many looks at the clock, of which there is one a chunk of steps. */
function deadlineAfter(looks: number) {
  let clock = 0;
  return { now: () => clock++, at: looks };
}
