import { describe, expect, it } from 'vitest';
import { tinyConfig, tinyData } from '../../../test/support/tinyModel.js';
import { rowOf } from '../../engine/program/feeds.js';
import type { StepFeeds } from '../../engine/program/index.js';
import { trainingBatches } from './batches.js';
import type { TrainConfig } from './config.js';
import { estimate } from './curve.js';
import { type FedImages, fedImages } from './images.js';
import { NOISE, PIXELS } from './step.js';

/** Images of one pixel, which is their number. */
const numbered = (count: number): FedImages => ({
  count,
  pixels: 1,
  copy: (index, out, offset) => {
    out[offset] = index;
  },
});
const visited = (feeds: StepFeeds): number[] => Array.from(feeds[PIXELS]!.data, Number);
const BOTH = [PIXELS, NOISE];
const config = tinyConfig();

describe('the order of the data', () => {
  const batches = trainingBatches(config, numbered(64), 8, BOTH);
  const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

  it('visits every image once an epoch, in an order of its own each time', () => {
    const epochs = [0, 8, 16].map((from) => visited(batches(from, 8)));
    for (const epoch of epochs) expect(ascending(epoch)).toEqual(Array.from({ length: 64 }, (_, i) => i));
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[1]).not.toEqual(epochs[2]);
  });

  it('leaves out, in each epoch, what does not fill a batch', () => {
    const some = trainingBatches(config, numbered(70), 8, BOTH);
    const epoch = visited(some(0, 8));
    expect(new Set(epoch).size).toBe(64);
    expect(visited(some(8, 8)).some((i) => !epoch.includes(i))).toBe(true);
  });

  it('depends on the seed', () => {
    const other = trainingBatches({ ...config, seed: 2 }, numbered(64), 8, BOTH);
    expect(visited(other(0, 8))).not.toEqual(visited(batches(0, 8)));
    expect(other(0, 1)[NOISE]).not.toEqual(batches(0, 1)[NOISE]);
  });
});

describe('the feeds of a step', () => {
  const kinds: readonly Partial<TrainConfig>[] = [
    { binarisation: 'threshold' },
    { binarisation: 'static' },
    { binarisation: 'dynamic' },
    { binarisation: 'none' },
  ];

  it.each(kinds)('do not depend on the steps before: $binarisation', (kind) => {
    const changed = tinyConfig(kind);
    const make = () =>
      trainingBatches(changed, fedImages(tinyData().train, changed.binarisation, changed.seed, 'train'), 8, BOTH);
    const all = make()(0, 20);
    const again = make();
    for (const [from, count] of [
      [17, 3],
      [7, 2],
      [0, 1],
      [3, 10],
    ] as const) {
      const part = again(from, count);
      for (let k = 0; k < count; k++) expect(rowOf(part, k)).toEqual(rowOf(all, from + k));
    }
  });

  it.each(kinds)('are those of the first epoch in every epoch where draws are repeated: $binarisation', (kind) => {
    const feedsOf = (draws: 'fresh' | 'repeated') => {
      const changed = tinyConfig({ ...kind, draws });
      return trainingBatches(changed, fedImages(tinyData().train, changed.binarisation, 1, 'train'), 8, BOTH);
    };
    const [fresh, repeated] = [feedsOf('fresh'), feedsOf('repeated')];
    expect(repeated(0, 8)).toEqual(fresh(0, 8));
    expect(repeated(16, 8)).toEqual(fresh(0, 8));
    expect(rowOf(repeated(5, 7), 4)).toEqual(rowOf(fresh(1, 1), 0));
    expect(fresh(16, 8)[PIXELS]).not.toEqual(fresh(0, 8)[PIXELS]);
    expect(fresh(16, 8)[NOISE]).not.toEqual(fresh(0, 8)[NOISE]);
  });

  it('are those that the step reads, with a leading dimension for the step', () => {
    const shapes = (reads: readonly string[]) =>
      Object.fromEntries(
        Object.entries(trainingBatches(config, numbered(64), 8, reads)(2, 5)).map(([name, x]) => [name, x.shape]),
      );
    expect(shapes(BOTH)).toEqual({ x: [5, 8, 1], noise: [5, 8, 3] });
    expect(shapes([PIXELS])).toEqual({ x: [5, 8, 1] });
    expect(shapes([NOISE])).toEqual({ noise: [5, 8, 3] });
  });

  it('have noise from N(0, 1), other in every step', () => {
    const { data } = trainingBatches(config, numbered(64), 8, [NOISE])(0, 200)[NOISE]!;
    const values = Array.from(data, Number);
    const mean = estimate(values);
    const square = estimate(values.map((v) => v * v));
    expect(Math.abs(mean.value)).toBeLessThanOrEqual(4 * mean.se);
    expect(Math.abs(square.value - 1)).toBeLessThanOrEqual(4 * square.se);
    expect(new Set(values).size).toBeGreaterThan(0.999 * values.length);
  });
});

describe('binarisation', () => {
  const pixelsOf = (binarisation: TrainConfig['binarisation'], part: 'train' | 'test', seed = 1): Uint8Array => {
    const images = fedImages(tinyData().train, binarisation, seed, part);
    const out = new Uint8Array(images.count * images.pixels);
    for (let i = 0; i < images.count; i++) images.copy(i, out, i * images.pixels);
    return out;
  };
  const binary = (values: Iterable<number>): boolean => [...values].every((v) => v === 0 || v === 1);

  it('threshold and static are made once; grey and dynamic images are fed as they are', () => {
    expect(pixelsOf('none', 'train')).toEqual(tinyData().train.pixels);
    expect(pixelsOf('dynamic', 'train')).toEqual(tinyData().train.pixels);
    expect(pixelsOf('threshold', 'train')).toEqual(tinyData().train.pixels.map((v) => (v > 127 ? 1 : 0)));
    expect(binary(pixelsOf('static', 'train'))).toBe(true);
    expect(pixelsOf('static', 'train', 2)).not.toEqual(pixelsOf('static', 'train', 1));
  });

  it('of a test set is drawn once, dynamic too', () => {
    expect(pixelsOf('dynamic', 'test')).toEqual(pixelsOf('static', 'test'));
    expect(pixelsOf('static', 'test')).not.toEqual(pixelsOf('static', 'train'));
  });

  it('dynamic draws an image anew each time it is visited', () => {
    const changed = tinyConfig({ binarisation: 'dynamic', batch: 64 });
    const one = trainingBatches(changed, fedImages(tinyData().train, 'dynamic', 1, 'train'), 1, [PIXELS]);
    const sums = [0, 1].map((epoch) => visited(one(epoch, 1)));
    expect(sums.every(binary)).toBe(true);
    const ink = sums.map((values) => values.reduce((a, b) => a + b, 0));
    expect(ink[0]).not.toBe(ink[1]);
  });
});
