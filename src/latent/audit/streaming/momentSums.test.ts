import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { normals } from '../../../../test/support/latentCodes.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import { coMomentAdder, coMoments } from './coMoments.js';
import { addToMomentSums, mergeMomentSums, momentSums, shapeOf } from './momentSums.js';

/** Central sums in two passes. */
const slow = (x: Float32Array, latents: number, d: number): number[] => {
  const column = Array.from({ length: x.length / latents }, (_, i) => x[i * latents + d]!);
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  return [mean, ...[2, 3, 4].map((power) => column.reduce((sum, value) => sum + (value - mean) ** power, 0))];
};

// A mean of 10⁴ widths, a skewed dimension, one without width, and one more than four.
const latents = 5;
const x = normals(3000 * latents, 'sums').map((v, i) => [1e4 + v, v * v, 7, 0.01 * v, v][i % latents]!);

describe('momentSums', () => {
  it('are those of two passes, with two powers and with four', () => {
    const [two, four] = [momentSums(latents, 2), momentSums(latents, 4)];
    for (let row = 0; row < 3000; row += 700) {
      const block = x.subarray(row * latents, Math.min(3000, row + 700) * latents);
      addToMomentSums(two, block);
      addToMomentSums(four, block);
    }
    expect([two.n, four.n]).toEqual([3000, 3000]);
    for (let d = 0; d < latents; d++) {
      const [mean, second, third, fourth] = slow(x, latents, d) as [number, number, number, number];
      const width = Math.sqrt(second / 3000);
      expectClose([two.mean[d]!, four.mean[d]!], [mean, mean], { absolute: 1e-11 * width, relative: 1e-14 });
      expectClose([two.second[d]!, four.second[d]!], [second, second], { relative: 1e-10 });
      expectClose([four.third[d]!], [third], { absolute: 1e-8 * 3000 * width ** 3 });
      expectClose([four.fourth[d]!], [fourth], { relative: 1e-9 });
    }
  });

  it('stay as they are when nothing is joined', () => {
    const sums = momentSums(latents, 4);
    mergeMomentSums(sums, momentSums(latents, 4));
    addToMomentSums(sums, new Float32Array(0));
    expect(sums).toEqual(momentSums(latents, 4));
  });

  it('give the shape of each dimension, 0 where it has no width', () => {
    const sums = momentSums(latents, 4);
    addToMomentSums(sums, x);
    shapeOf(sums).forEach(({ skewness, excessKurtosis }, d) => {
      const [, second, third, fourth] = slow(x, latents, d) as [number, number, number, number];
      const variance = second / 3000;
      expect(skewness).toBeCloseTo(d === 2 ? 0 : third / 3000 / variance ** 1.5, 7);
      expect(excessKurtosis).toBeCloseTo(d === 2 ? 0 : fourth / 3000 / variance ** 2 - 3, 7);
    });
  });
});

describe('coMoments', () => {
  it('are those of float64 in two passes, far from the origin too', async () => {
    const adder = await coMomentAdder(latents, nodeRuntime({ threads: 1 }));
    const sums = coMoments(latents);
    for (const [from, to] of [
      [0, 1],
      [1, 1700],
      [1700, 3000],
    ] as const) {
      await adder.add(sums, x.subarray(from * latents, to * latents));
    }
    await adder.release();
    for (let d = 0; d < latents; d++) {
      for (let e = 0; e < latents; e++) {
        let expected = 0;
        for (let i = 0; i < 3000; i++) {
          expected += (x[i * latents + d]! - sums.mean[d]!) * (x[i * latents + e]! - sums.mean[e]!);
        }
        const scale = Math.sqrt(sums.products[d * (latents + 1)]! * sums.products[e * (latents + 1)]!);
        expectClose([sums.products[d * latents + e]!], [expected], { absolute: 1e-10 * scale + 1e-12 });
      }
      expectClose([sums.mean[d]!], [slow(x, latents, d)[0]!], { relative: 1e-13, absolute: 1e-14 });
    }
  });
});
