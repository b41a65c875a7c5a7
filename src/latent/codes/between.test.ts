import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { ShapeError } from '../../engine/errors/index.js';
import { linearPath, sphericalPath } from './between.js';

const a = Float32Array.of(3, 0, 0);
const b = Float32Array.of(0, 3, 0);

describe('a path between two codes', () => {
  it('goes straight, by equal steps', () => {
    expect(Array.from(linearPath(a, b, 4))).toEqual([3, 0, 0, 2, 1, 0, 1, 2, 0, 0, 3, 0]);
  });

  it('stays on the sphere of codes of equal length, and turns by equal angles', () => {
    const angles = [0, 30, 60, 90].map((degrees) => (degrees * Math.PI) / 180);
    const expected = angles.flatMap((angle) => [3 * Math.cos(angle), 3 * Math.sin(angle), 0]);
    expectClose(sphericalPath(a, b, 4), expected, { relative: 0, absolute: 1e-6 });
  });

  it('is the line where there is no angle, or no one arc', () => {
    const pairs = [
      [a, Float32Array.of(6, 0, 0)],
      [a, Float32Array.of(-3, 0, 0)],
      [a, new Float32Array(3)],
    ] as const;
    for (const [from, to] of pairs) expect(sphericalPath(from, to, 5)).toEqual(linearPath(from, to, 5));
  });

  it('begins and ends at its codes, of whatever lengths', () => {
    const [from, to] = [Float32Array.of(1, 2), Float32Array.of(-4, 0.5)];
    const path = sphericalPath(from, to, 3);
    expectClose(path.subarray(0, 2), from, { relative: 1e-6, absolute: 1e-6 });
    expectClose(path.subarray(4), to, { relative: 1e-6, absolute: 1e-6 });
  });

  it('refuses codes of different lengths', () => {
    expect(() => linearPath(a, new Float32Array(2), 2)).toThrow(
      new ShapeError('path: expected codes of one length, got 3 and 2'),
    );
  });
});
