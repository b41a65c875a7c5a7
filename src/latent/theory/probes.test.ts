import { expect, test } from 'vitest';
import { type ProbeCodes, probePaths } from './index.js';

const [times, images, latents] = [3, 4, 5] as const;
/** How far the final means of a dimension lie apart: dimension 3 says most about the image, then dimension 1. */
const SPREAD = [0, 2, 0.5, 7, 1];

const mean = (time: number, image: number, dimension: number): number => time * image * SPREAD[dimension]!;
const deviation = (time: number, image: number, dimension: number): number => 1 + time + 10 * image + 100 * dimension;

const planted = (): ProbeCodes => {
  const values: number[] = [];
  for (let time = 0; time < times; time++) {
    for (const part of [mean, deviation]) {
      for (let image = 0; image < images; image++) {
        for (let d = 0; d < latents; d++) values.push(part(time, image, d));
      }
    }
  }
  return { data: Float32Array.from(values), shape: [times, 2, images, latents] };
};

test('probePaths follows the first images in the dimensions that end furthest apart', () => {
  const paths = probePaths(planted(), { images: 2, dimensions: 2 });
  expect(paths.map(({ image, dimension }) => [image, dimension])).toEqual([
    [0, 3],
    [0, 1],
    [1, 3],
    [1, 1],
  ]);
  expect(paths[2]!.mu).toEqual([0, 7, 14]);
  expect(paths[2]!.sigma).toEqual([311, 312, 313]);
  expect(paths[1]!.sigma).toEqual([101, 102, 103]);
});

test('probePaths takes no more images and dimensions than there are', () => {
  expect(probePaths(planted())).toHaveLength(4 * 3);
  expect(probePaths(planted(), { images: 9, dimensions: 9 })).toHaveLength(4 * 5);
});

test.each([
  [[3, 2, 4], 'three axes'],
  [[3, 3, 4, 5], 'no pair of mu and sigma'],
  [[0, 2, 4, 5], 'no points'],
  [[3, 2, 4, 6], 'more values than the data'],
])('probePaths refuses the shape [%s]: %s', (shape) => {
  expect(() => probePaths({ data: planted().data, shape })).toThrow(
    `probePaths: expected [T, 2, images, latents] with as many values, got [${shape.join(', ')}] with 120`,
  );
});
