import { describe, expect, it } from 'vitest';
import { InputError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { type Features, memorisation, memorisationGuard } from './index.js';

const runtime = nodeRuntime();
const options = { runtime, seed: 1, noun: 'code' };
const normals = (n: number, step: number, width = 6): Features => {
  const values = new Float32Array(n * width);
  keyedStream(9, 'test/codes', step).fillNormal(values);
  return { values, n, width };
};
const [training, heldOut] = [normals(800, 1), normals(600, 2)];

describe('memorisation guard', () => {
  it('finds the share α of fresh draws near training codes', async () => {
    const found = await memorisation({ training, heldOut, samples: normals(900, 3) }, options);
    expect(found.replays).toBe(false);
    expect(found.nearer.interval![0]).toBeLessThan(0.01);
    expect(found.nearer.interval![1]).toBeGreaterThan(0.01);
    expect(Math.abs(found.medians.samples / found.medians.heldOut - 1)).toBeLessThan(0.1);
    expect(found.nearer).toMatchObject({ n: 900, seed: 1, unit: 'share' });
    expect(found.text).toContain('no replay');
  });

  it('says when training codes come again, exactly or with a little noise', async () => {
    const noise = normals(800, 4);
    const replayed: Features = { ...training, values: training.values.map((z, i) => z + 0.01 * noise.values[i]!) };
    for (const samples of [training, replayed]) {
      const found = await memorisation({ training, heldOut, samples }, options);
      expect(found.nearer.value).toBe(1);
      expect(found.replays).toBe(true);
      expect(found.medians.samples).toBeLessThan(found.threshold);
      expect(found.text).toMatch(
        /^100% of samples lie nearer to a training code than 99\.0% of held-out ones do: the sampler replays/,
      );
    }
  });

  it('finds the part of the samples that is replayed', async () => {
    const samples: Features = {
      values: new Float32Array([...training.values.subarray(0, 600), ...normals(900, 5).values]),
      n: 1000,
      width: 6,
    };
    const { nearer, replays } = await memorisation({ training, heldOut, samples }, options);
    expect(replays).toBe(true);
    expect(nearer.interval![0]).toBeLessThan(0.11);
    expect(nearer.interval![1]).toBeGreaterThan(0.1);
  });

  it('serves several samplers with one look at the held-out rows', async () => {
    const { check } = await memorisationGuard({ training, heldOut }, { runtime, noun: 'code' });
    const samples = normals(300, 7);
    expect(await check(samples, 1)).toEqual(await memorisation({ training, heldOut, samples }, options));
    expect((await check(training, 2)).nearer).toMatchObject({ value: 1, seed: 2 });
  });

  it('needs held-out rows for its quantile', async () => {
    await expect(memorisation({ training, heldOut: normals(99, 6), samples: training }, options)).rejects.toThrow(
      new InputError('memorisation: expected at least 100 held-out rows, got 99'),
    );
  });
});
