import { expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { momentsOf } from '../audit/moments.js';
import { coordinates, fromCoordinates, ownFrame } from './frame.js';

const [n, latents] = [40, 3];
const z = new Float32Array(n * latents);
keyedStream(1, 'test/frame', 0).fillNormal(z);
const close = { relative: 1e-5, absolute: 1e-5 };

it('has the dimensions of z as its own coordinates', () => {
  const frame = ownFrame(latents);
  expect(coordinates(z, frame, [0, 1, 2])).toEqual(z);
  expect(coordinates(z, frame, [2]).slice(0, 2)).toEqual(Float32Array.of(z[2]!, z[5]!));
  expect(fromCoordinates([1, 2, 3], frame)).toEqual(Float32Array.of(1, 2, 3));
});

it('goes to principal components and back', () => {
  const { mean, axes, eigenvalues } = momentsOf({ z, n, latents });
  const frame = { latents, centre: mean, axes };
  const c = coordinates(z, frame, [0, 1, 2]);
  for (let i = 0; i < n; i++) {
    expectClose(fromCoordinates(c.subarray(3 * i, 3 * i + 3), frame), z.subarray(3 * i, 3 * i + 3), close);
  }
  const variance = coordinates(z, frame, [0]).reduce((sum, value) => sum + value ** 2 / n, 0);
  expect(variance).toBeCloseTo(eigenvalues[0]!, 5);
});

it('gives zeros along an axis that one latent has not', () => {
  expect(Array.from(coordinates(Float32Array.of(2, 3), ownFrame(1), [0, 1]))).toEqual([2, 0, 3, 0]);
});

it('refuses part of a row', () => {
  expect(() => coordinates(new Float32Array(4), ownFrame(3), [0])).toThrow(
    new ShapeError('coordinates: expected rows of 3 values, got 4 values'),
  );
});
