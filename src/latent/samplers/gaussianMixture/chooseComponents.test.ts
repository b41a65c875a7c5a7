import { describe, expect, it } from 'vitest';
import { InputError } from '../../../engine/errors/index.js';
import { keyedStream } from '../../../engine/random/index.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { chooseComponents, gaussianMixture } from './index.js';

const runtime = nodeRuntime();
const truth = gaussianMixture({
  kind: 'gaussianMixture',
  covariance: 'full',
  latents: 2,
  weights: [0.4, 0.3, 0.3],
  means: [-4, 0, 3, 3, 3, -4],
  factors: [1, 0, 0.5, 0.6, 0.4, 0, -0.3, 0.9, 0.7, 0, 0.2, 0.3],
  iterations: 0,
  converged: true,
});
const codes = (seed: number, n: number) => ({ z: truth.sample(n, keyedStream(seed, 'test/choose', 0)), n, latents: 2 });
const options = { covariance: 'full', starts: 2, seed: 1, runtime } as const;

describe('chooseComponents', () => {
  it('finds the number of a planted mixture', async () => {
    const shares: number[] = [];
    const { mixture, tried } = await chooseComponents(codes(1, 3000), codes(2, 3000), {
      ...options,
      candidates: [12, 1, 3, 2, 3],
      onProgress: (share) => void shares.push(share),
    });
    expect(mixture.components).toBe(3);
    expect(tried.map(({ components }) => components)).toEqual([1, 2, 3, 12]);
    expect(tried[1]!.behind).toBeGreaterThan(4 * tried[1]!.behindSe);
    expect(Math.max(...tried.map(({ heldOut }) => heldOut)) - tried[2]!.heldOut).toBeCloseTo(tried[2]!.behind, 10);
    expect(shares.at(-1)).toBe(1);
  });

  it('leaves out what has no turn before it is to stop', async () => {
    const { mixture, tried } = await chooseComponents(codes(1, 3000), codes(2, 3000), {
      ...options,
      candidates: [1, 3, 12],
      stop: () => true,
    });
    expect(tried.map(({ components }) => components)).toEqual([1]);
    expect(mixture.components).toBe(1);
  });

  it('wants candidates and held-out codes', async () => {
    await expect(chooseComponents(codes(1, 10), codes(2, 10), { ...options, candidates: [] })).rejects.toThrow(
      new InputError('chooseComponents: candidates: expected at least one number, got none'),
    );
    await expect(chooseComponents(codes(1, 10), codes(2, 1), { ...options, candidates: [1] })).rejects.toThrow(
      new InputError('chooseComponents: expected at least 2 held-out codes, got 1'),
    );
  });
});
