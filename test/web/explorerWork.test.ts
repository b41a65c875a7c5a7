import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/engine/errors/index.js';
import { keyedStream } from '../../src/engine/random/index.js';
import { ownFrame } from '../../src/latent/codes/index.js';
import { writeNpy } from '../../src/vae/data/arrays/index.js';
import { imageShape, interleaved } from '../../web/src/pages/explorer/threads/imageShape.js';
import { latestOnly } from '../../web/src/pages/explorer/threads/latestOnly.js';
import { splitCodes } from '../../web/src/pages/explorer/threads/opened.js';
import { holesOn, nearestCode, nearestPlaced, placedOn, reachOf } from '../../web/src/pages/explorer/threads/plane.js';
import { valueShades } from '../../web/src/pages/explorer/threads/shades.js';

const npy = (name: string, bytes: Uint8Array) => ({ name, bytes });

describe('codes out of a file', () => {
  const values = Float32Array.of(1, 2, 0.5, 0.25, 3, 4, 1, 2);
  it('come apart into mu and sigma, with their labels', () => {
    const labels = npy('labels.npy', writeNpy(BigInt64Array.of(7n, 9n), [2]));
    const { codes, labels: read } = splitCodes(npy('codes.npy', writeNpy(values, [2, 2, 2])), labels);
    expect([codes.n, codes.latents, [...codes.mu], [...codes.sigma]]).toEqual([2, 2, [1, 2, 3, 4], [0.5, 0.25, 1, 2]]);
    expect(read).toEqual(Uint8Array.of(7, 9));
  });

  it.each([
    [
      'of another shape',
      writeNpy(values, [4, 2]),
      'codes.npy: expected codes of shape [images, 2, latents], mu then sigma of 2 images and more, got [4, 2]',
    ],
    ['of whole numbers', writeNpy(new Uint8Array(8), [2, 2, 2]), 'codes.npy: expected floats, got whole numbers'],
    [
      'with a sigma of 0',
      writeNpy(values.with(7, 0), [2, 2, 2]),
      'codes.npy: expected finite sigma above 0, got 0 in row 1, latent 1',
    ],
    [
      'with a mu that is not finite',
      writeNpy(values.with(1, Number.NaN), [2, 2, 2]),
      'codes.npy: expected finite mu, got NaN in row 0, latent 1',
    ],
  ])('%s are refused', (_, bytes, message) => {
    expect(() => splitCodes(npy('codes.npy', bytes))).toThrow(new InputError(message));
  });

  it('are refused with labels that are not theirs', () => {
    const codes = npy('codes.npy', writeNpy(values, [2, 2, 2]));
    const labelled = (bytes: Uint8Array) => () => splitCodes(codes, npy('labels.npy', bytes));
    expect(labelled(writeNpy(new Uint8Array(3), [3]))).toThrow(
      'labels.npy: expected 2 labels, one a code, got shape [3]',
    );
    expect(labelled(writeNpy(Float32Array.of(1, 1.5), [2]))).toThrow(
      'labels.npy: expected whole numbers of 0 … 255, got 1.5 in row 1',
    );
  });
});

describe('codes on a plane', () => {
  const [n, latents] = [2000, 2];
  const mu = new Float32Array(n * latents);
  keyedStream(1, 'test/explorer', 0).fillNormal(mu);
  const order = keyedStream(1, 'test/order', 0).permutation(n);

  it('have no holes where they are the prior, and lack nearly all of it where they are far', () => {
    const prior = { mu: new Float32Array(n * latents), sigma: new Float32Array(n * latents).fill(1), n, latents };
    const far = { ...prior, mu: prior.mu.map(() => 9) };
    // Codes are widened by half a step of the grid, which moves them by about 0.2%.
    expect(holesOn(prior, ownFrame(latents), [0, 1], 1).share).toBeLessThan(0.005);
    expect(holesOn(far, ownFrame(latents), [0, 1], 1).share).toBeGreaterThan(0.99);
    const one = { mu: new Float32Array(n), sigma: new Float32Array(n).fill(1), n, latents: 1 };
    expect(holesOn(one, ownFrame(1), [0, 1], 1).share).toBeLessThan(0.005);
  });

  it('are drawn in another order, and found again by place', () => {
    const placed = placedOn(mu, order, ownFrame(latents), [1, 0]);
    for (const code of [0, 17, n - 1]) {
      expect(nearestPlaced(placed, mu[2 * code + 1]!, mu[2 * code]!)).toBe(code);
      const z = mu.slice(2 * code, 2 * code + 2);
      expect(nearestCode({ mu, sigma: mu, n, latents }, z)).toEqual({ code, distance: 0 });
    }
    expect(reachOf(placed)).toBe(3.6);
    expect(reachOf({ ...placed, xy: placed.xy.map((value) => 100 * value) })).toBeGreaterThan(250);
  });

  it('have shades that go from the 1% to the 99% of their values', () => {
    const { bytes, range } = valueShades(Float64Array.from({ length: 1001 }, (_, i) => i));
    expect(range).toEqual([10, 990]);
    expect([bytes[0], bytes[10], bytes[500], bytes[1000]]).toEqual([0, 0, 128, 255]);
    expect(new Set(valueShades(new Float64Array(5).fill(2)).bytes)).toEqual(new Set([0]));
  });
});

describe('images of a decoder', () => {
  it('have the size that their axes say, or are square', () => {
    expect(imageShape([784], 'd')).toEqual({ channels: 1, height: 28, width: 28, planar: true });
    expect(imageShape([3072], 'd')).toMatchObject({ channels: 3, height: 32, width: 32 });
    expect(imageShape([3, 8, 4], 'd')).toEqual({ channels: 3, height: 8, width: 4, planar: true });
    expect(imageShape([8, 4, 3], 'd')).toEqual({ channels: 3, height: 8, width: 4, planar: false });
    expect(imageShape([8, 4], 'd')).toMatchObject({ height: 8, width: 4 });
    expect(() => imageShape([5], 'd.onnx')).toThrow(
      new InputError('d.onnx: expected images of 1 or 3 channels, or square ones, got [5]'),
    );
  });

  it('have their channels side by side', () => {
    const planes = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    const shape = { width: 2, height: 1, channels: 3, planar: true };
    expect(Array.from(interleaved(planes, shape))).toEqual([1, 3, 5, 2, 4, 6, 7, 9, 11, 8, 10, 12]);
    expect(interleaved(planes, { ...shape, planar: false })).toBe(planes);
  });
});

it('answers the latest of what was asked meanwhile, and nothing between', async () => {
  const answered: number[] = [];
  let release = (): void => {};
  const ask = latestOnly<number>(async (question) => {
    answered.push(question);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  for (const question of [1, 2, 3]) ask(question);
  release();
  await new Promise((resolve) => setTimeout(resolve));
  expect(answered).toEqual([1, 3]);
  release();
  await new Promise((resolve) => setTimeout(resolve));
  ask(4);
  expect(answered).toEqual([1, 3, 4]);
});
