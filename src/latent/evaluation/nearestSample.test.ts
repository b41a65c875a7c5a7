import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { nearestSampleCrossEntropy } from './index.js';

const runtime = nodeRuntime();

/** −Σ x ln p + (1 − x) ln (1 − p), in float64, with p = σ(l). */
const crossEntropy = (x: Float32Array, l: Float32Array): number => {
  let sum = 0;
  for (let p = 0; p < x.length; p++) {
    const lost = (logit: number) => Math.max(-logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
    sum += x[p]! * lost(l[p]!) + (1 - x[p]!) * lost(-l[p]!);
  }
  return sum;
};

const directly = (images: Float32Array, logits: Float32Array, pixels: number): Float64Array =>
  Float64Array.from({ length: images.length / pixels }, (_, i) => {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < logits.length; j += pixels) {
      const x = images.subarray(i * pixels, (i + 1) * pixels);
      least = Math.min(least, crossEntropy(x, logits.subarray(j, j + pixels)));
    }
    return least;
  });

const drawn = (n: number, m: number, pixels: number, grey = false) => {
  const images = new Float32Array(n * pixels);
  const logits = new Float32Array(m * pixels);
  keyedStream(1, 'test/images', n).fillUniform(images);
  keyedStream(1, 'test/logits', m).fillNormal(logits);
  return { images: grey ? images : images.map(Math.round), logits: logits.map((l) => 4 * l) };
};

describe('the least cross-entropy to a set of samples', () => {
  it.each([
    [2, 1, 784, false],
    [5, 7, 784, false],
    [5, 7, 30, true],
    // More than one block, and blocks that do not divide the rows.
    [2300, 3, 4, false],
    [3, 2300, 4, false],
    [1001, 1999, 2, true],
  ])('agrees with a direct evaluation: %i images, %i samples of %i pixels', async (n, m, pixels, grey) => {
    const { images, logits } = drawn(n, m, pixels, grey);
    const { perImage, estimate } = await nearestSampleCrossEntropy(images, logits, pixels, runtime);
    const expected = directly(images, logits, pixels);
    expectClose(perImage, expected, { relative: 1e-6, absolute: 2e-6 * pixels });
    expect(estimate.n).toBe(n);
    expect(estimate.value).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / n, 3);
  });

  it('is P ln 2 for samples that know nothing', async () => {
    const { images } = drawn(4, 1, 784);
    const { perImage, estimate } = await nearestSampleCrossEntropy(images, new Float32Array(3 * 784), 784, runtime);
    expectClose(perImage, new Float32Array(4).fill(784 * Math.LN2), { relative: 1e-6 });
    expect(estimate.se).toBeLessThan(1e-3);
  });

  it('is nothing where an image is among the samples, in whatever place', async () => {
    const { images } = drawn(6, 1, 50);
    const certain = images.map((x) => (x > 0.5 ? 40 : -40));
    const { perImage } = await nearestSampleCrossEntropy(images, certain, 50, runtime);
    expectClose(perImage, new Float32Array(6), { absolute: 1e-4 });
    // 40 nats for each pixel that differs.
    const other = images.map((x, i) => (i % 50 === 0 ? 1 - x : x));
    expectClose((await nearestSampleCrossEntropy(other, certain, 50, runtime)).perImage, new Float32Array(6).fill(40), {
      absolute: 1e-3,
    });
  });

  it('never rises as samples are added', async () => {
    const { images, logits } = drawn(20, 40, 10);
    const few = await nearestSampleCrossEntropy(images, logits.subarray(0, 200), 10, runtime);
    const many = await nearestSampleCrossEntropy(images, logits, 10, runtime);
    many.perImage.forEach((value, i) => {
      expect(value).toBeLessThanOrEqual(few.perImage[i]! + 1e-5);
    });
  });

  it('takes whole rows only', async () => {
    const text = 'nearestSampleCrossEntropy: expected rows of 4 pixels, got 8 and 6 values';
    await expect(nearestSampleCrossEntropy(new Float32Array(8), new Float32Array(6), 4, runtime)).rejects.toThrow(
      new ShapeError(text),
    );
    await expect(nearestSampleCrossEntropy(new Float32Array(8), new Float32Array(0), 4, runtime)).rejects.toThrow(
      ShapeError,
    );
  });
});
