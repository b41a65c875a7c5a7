import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { normals } from '../../../../test/support/latentCodes.js';
import { momentKernel } from './momentKernel.js';
import { addToMomentSums, type MomentSums, mergeMomentSums, momentSums } from './momentSums.js';

const summed = (x: Float32Array, latents: number, atOnce: number): MomentSums => {
  const kernel = momentKernel(latents, atOnce);
  const sums = momentSums(latents, 2);
  for (let i = 0; i < x.length; i += atOnce * latents) {
    const block = x.subarray(i, i + atOnce * latents);
    kernel.room.set(block);
    kernel.add(sums, block.length / latents);
  }
  return sums;
};

describe('momentKernel', () => {
  // Below eight columns, eight of them, several eights, and a rest.
  it.each([1, 7, 8, 9, 16, 27, 64])('has the bits of the plain loop, D = %i', (latents) => {
    const x = normals(301 * latents, 'kernel').map((v, i) => 1e3 * (i % latents) + v);
    const plain = momentSums(latents, 2);
    addToMomentSums(plain, x);
    expect(summed(x, latents, 301)).toEqual(plain);
  });

  it('gives the same for any split, far from the origin too', () => {
    const latents = 11;
    const x = normals(997 * latents, 'split').map((v, i) => 1e4 + (i % 3) * v);
    const whole = summed(x, latents, 997);
    const split = fc.record({ at: fc.nat(997), atOnce: fc.integer({ min: 1, max: 400 }) });
    fc.assert(
      fc.property(split, ({ at, atOnce }) => {
        const parts = summed(x.subarray(0, at * latents), latents, atOnce);
        mergeMomentSums(parts, summed(x.subarray(at * latents), latents, atOnce));
        expect(parts.n).toBe(997);
        expectClose([...parts.mean], [...whole.mean], { relative: 1e-12 });
        expectClose([...parts.second], [...whole.second], { relative: 1e-10 });
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('adds nothing for no rows, and shows what is not finite in its own column', () => {
    const kernel = momentKernel(8, 2);
    const sums = momentSums(8, 2);
    kernel.add(sums, 0);
    expect(sums).toEqual(momentSums(8, 2));
    kernel.room[11] = Number.POSITIVE_INFINITY;
    kernel.add(sums, 2);
    expect([...sums.second].map(Number.isFinite)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((d) => d !== 3));
  });
});
