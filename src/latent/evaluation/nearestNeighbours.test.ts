import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import type { Features } from './features.js';
import { nearestNeighbours } from './nearestNeighbours.js';

const runtime = nodeRuntime();
const normals = (n: number, width: number, step: number, shift = 0): Features => {
  const values = new Float32Array(n * width);
  keyedStream(8, 'test/features', step).fillNormal(values);
  return { values: values.map((value) => value + shift), n, width };
};

const directly = (a: Features, b: Features, k: number, sameSet: boolean) =>
  Array.from({ length: a.n }, (_, i) => {
    const found: { readonly row: number; readonly distance: number }[] = [];
    for (let row = 0; row < b.n; row++) {
      if (sameSet && row === i) continue;
      let squares = 0;
      for (let d = 0; d < a.width; d++) squares += (a.values[i * a.width + d]! - b.values[row * b.width + d]!) ** 2;
      const distance = Math.sqrt(squares);
      if (found.length === k && distance >= found[k - 1]!.distance) continue;
      found.push({ row, distance });
      found.sort((p, q) => p.distance - q.distance);
      found.length = Math.min(k, found.length);
    }
    return found;
  }).flat();

describe('nearest neighbours', () => {
  it.each([
    [20, 30, 5, 1, 0],
    [1003, 40, 3, 3, 0],
    [40, 2100, 8, 5, 0],
    // About a centre far away from 0.
    [30, 50, 4, 2, 1000],
  ])(
    'are those of a direct search: %i queries, %i references in %i dimensions, k = %i, about %i',
    async (n, m, width, k, shift) => {
      const [queries, references] = [normals(n, width, 1, shift), normals(m, width, 2, shift)];
      const found = await nearestNeighbours(queries, references, k, { runtime });
      const expected = directly(queries, references, k, false);
      expectClose(
        found.distances,
        expected.map(({ distance }) => distance),
        { relative: 1e-12 },
      );
      expect(Array.from(found.rows)).toEqual(expected.map(({ row }) => row));
    },
  );

  it('are other rows in one set, though some be equal', async () => {
    const set = normals(1100, 2, 3);
    set.values.copyWithin(0, 2100, 2102); // row 1050 again as row 0
    const found = await nearestNeighbours(set, set, 2, { runtime, sameSet: true });
    expect([found.rows[0], found.distances[0], found.rows[2100]]).toEqual([1050, 0, 0]);
    expectClose(
      found.distances,
      directly(set, set, 2, true).map(({ distance }) => distance),
      { relative: 1e-12 },
    );
  });

  it('tells how far it is, and takes as many references as neighbours', async () => {
    const shares: number[] = [];
    await nearestNeighbours(normals(3, 2, 4), normals(2001, 2, 5), 1, { runtime, onProgress: (s) => shares.push(s) });
    expect(shares.at(-1)).toBe(1);
    expect(shares).toHaveLength(3);
    const few = normals(3, 2, 6);
    await expect(nearestNeighbours(few, few, 3, { runtime, sameSet: true })).rejects.toThrow(
      new ShapeError('nearestNeighbours: expected at least 3 other rows, got 2'),
    );
  });
});
