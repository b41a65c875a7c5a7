import { describe, expect, it } from 'vitest';
import { FaultyDisk, RUN, systemError } from '../../../test/support/faultyDisk.js';
import { frameOf, keptFrames, openTrainingSamples } from './trainingSamples.js';

const view = {
  png: (decoder: Float32Array) => Promise.resolve(new Uint8Array(decoder)),
  release: () => Promise.resolve(),
};
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => 10 * i);
const framesOn = (disk: FaultyDisk): string[] => Object.keys(disk.content(RUN)).sort();
const filesOf = (steps: readonly number[]): string[] => steps.map((step) => `samples/${frameOf(step)}`);
const drawn = async (disk: FaultyDisk, from: number, to: number): Promise<void> => {
  const samples = await openTrainingSamples(disk, RUN, upTo(from), view);
  for (const step of upTo(to).slice(from)) await samples.draw(step, Float32Array.of(step / 10));
};

describe('the frames of a training', () => {
  it('are those of all evaluations, up to a hundred', () => {
    expect(keptFrames([])).toEqual([]);
    expect(keptFrames(upTo(99))).toEqual(upTo(99));
    expect(keptFrames(upTo(100))).toEqual([...upTo(100).filter((_, i) => i % 2 === 0), 990]);
    for (let n = 1; n < 1000; n++) {
      const kept = keptFrames(upTo(n));
      expect(kept.length).toBeLessThanOrEqual(100);
      expect([kept[0], kept.at(-1)]).toEqual([0, 10 * (n - 1)]);
    }
  });

  it('are written under the number of their step, and thinned out as they become many', async () => {
    const disk = new FaultyDisk(1);
    await drawn(disk, 0, 230);
    expect(framesOn(disk)).toEqual(filesOf(keptFrames(upTo(230))));
    expect(framesOn(disk)).toHaveLength(59);
    expect([...disk.content(RUN)['samples/step-002290.png']!]).toEqual([229]);
  });

  it('are those of a run never interrupted, whenever it was left', async () => {
    const whole = new FaultyDisk(1);
    await drawn(whole, 0, 110);
    for (const left of [1, 98, 99, 100, 105]) {
      const disk = new FaultyDisk(1);
      await drawn(disk, 0, left);
      // One more that the checkpoint knows nothing of, out of the order of evaluations, and one half written.
      const samples = await openTrainingSamples(disk, RUN, upTo(left), view);
      await samples.draw(10 * left - 5, Float32Array.of(0));
      await disk.writeFile(`${RUN}/samples/${frameOf(7)}.part`, new Uint8Array(1), {});
      await drawn(disk, left, 110);
      expect(disk.content(RUN)).toEqual(whole.content(RUN));
    }
  });

  it('leave other images alone', async () => {
    const disk = new FaultyDisk(1);
    await disk.mkdir(`${RUN}/samples`);
    await disk.writeFile(`${RUN}/samples/prior.png`, new Uint8Array(1), {});
    await openTrainingSamples(disk, RUN, [], view);
    expect(framesOn(disk)).toEqual(['samples/prior.png']);
  });

  it('say which disk refused', async () => {
    const disk = new FaultyDisk(1);
    await drawn(disk, 0, 2);
    disk.restart('kill', () => systemError('EIO'));
    await expect(openTrainingSamples(disk, RUN, [], view)).rejects.toThrow('EIO');
  });
});
