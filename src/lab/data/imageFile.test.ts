import { describe, expect, it } from 'vitest';
import { saved, withFolder } from '../../../test/support/rows.js';
import { zipOf } from '../../../test/support/zip.js';
import { writeNpy } from '../../vae/data/arrays/index.js';
import { openDataset } from './index.js';

const log: string[] = [];
const open = (path: string) => openDataset(path, { dataDir: undefined, cacheDir: '', log: (line) => log.push(line) });
const counted = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 256);
/** An archive of bytes by name and shape. */
const archive = (arrays: Readonly<Record<string, readonly number[]>>): Uint8Array =>
  zipOf(
    Object.entries(arrays).map(([name, shape]) => {
      const data = counted(shape.reduce((a, b) => a * b, 1));
      return { name: `${name}.npy`, content: writeNpy(data, shape) };
    }),
  );

describe('a file of images', () => {
  it('is split where it has no test part, which is said', () =>
    withFolder(async (folder) => {
      const path = await saved(folder, 'a.npy', writeNpy(counted(14 * 6), [14, 2, 3]));
      const { train, test, source } = await open(path);
      expect([train.count, test.count, train.height, train.width, source]).toEqual([12, 2, 2, 3, path]);
      expect(test.pixels).toEqual(counted(84).subarray(72));
      expect(log.at(-1)).toBe(`${path}: no test part; the last 2 of 14 images are held out`);
    }));

  it('may have a test part and labels, as keras.datasets saves them', () =>
    withFolder(async (folder) => {
      const arrays = { x_train: [5, 2, 2], y_train: [5], x_test: [3, 2, 2], y_test: [3] };
      const { train, test } = await open(await saved(folder, 'a.npz', archive(arrays)));
      expect([train.count, test.count]).toEqual([5, 3]);
      expect(train.labels).toEqual(counted(5));
      expect(test.pixels).toEqual(counted(12));
    }));

  it.each<[string, readonly number[]]>([
    ['flat', [7, 4]],
    ['with a channel before', [7, 1, 2, 2]],
    ['with a channel behind', [7, 2, 2, 1]],
  ])('may hold squares: %s', (_, shape) =>
    withFolder(async (folder) => {
      const { train } = await open(await saved(folder, 'a.npy', writeNpy(counted(28), shape)));
      expect(train).toMatchObject({ count: 6, height: 2, width: 2, pixels: counted(24) });
    }),
  );

  it('may count from 0 to 1', () =>
    withFolder(async (folder) => {
      const values = Float32Array.from({ length: 28 }, (_, i) => (i % 3) / 2);
      const { train } = await open(await saved(folder, 'a.npy', writeNpy(values, [7, 4])));
      expect(Array.from(train.pixels.subarray(0, 4))).toEqual([0, 128, 255, 0]);
    }));

  it.each<[string, Uint8Array, string]>([
    [
      'colours',
      writeNpy(counted(84), [7, 2, 2, 3]),
      'expected grey images [N, H, W], or flat ones of H × H pixels, got',
    ],
    ['no squares', writeNpy(counted(35), [7, 5]), 'or flat ones of H × H pixels, got shape [7, 5]'],
    [
      'negative pixels',
      writeNpy(
        Float32Array.from({ length: 28 }, (_, i) => 5 - i),
        [7, 4],
      ),
      'got -1 at row 1, pixel 2',
    ],
    ['NaN', writeNpy(new Float32Array(28).fill(Number.NaN), [7, 4]), 'got NaN at row 0, pixel 0'],
    ['too few', writeNpy(counted(24), [6, 4]), 'expected at least 7 images, got 6'],
  ])('is refused: %s', (_, content, text) =>
    withFolder(async (folder) => {
      await expect(open(await saved(folder, 'a.npy', content))).rejects.toThrow(text);
    }),
  );

  it.each([
    [
      'labels of other images',
      { x_train: [5, 2, 2], y_train: [4], x_test: [3, 2, 2] },
      'expected a label for each of 5',
    ],
    [
      'test images of another size',
      { x_train: [5, 2, 2], x_test: [3, 2, 3] },
      'expected test images of 2 × 2 as in x_train',
    ],
  ])('is refused: %s', (_, arrays, text) =>
    withFolder(async (folder) => {
      await expect(open(await saved(folder, 'a.npz', archive(arrays)))).rejects.toThrow(text);
    }),
  );
});
