import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToReservoir, mergeReservoirs, type Reservoir, reservoir, sortReservoir } from './reservoir.js';
import { ROWS_PER_STREAM, rowKeys, rowNoise } from './rowStreams.js';

const add = (into: Reservoir, keys: readonly number[], from: number): void => {
  const values = Float32Array.from(keys, (_, i) => from + i);
  addToReservoir(into, [{ values, width: 1 }], Float64Array.from(keys), from);
};
const placesOf = ({ places, size }: Reservoir): number[] => Array.from(places.subarray(0, size));

describe('reservoir', () => {
  it('holds the rows of the lowest keys, of equal ones the earlier, whatever the parts and their order', () => {
    const given = fc.tuple(
      fc.array(fc.nat(30), { minLength: 1, maxLength: 80 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(80),
    );
    fc.assert(
      fc.property(given, ([keys, most, cut]) => {
        const [first, second] = [reservoir(most, 1), reservoir(most, 1)];
        add(second, keys.slice(cut), cut);
        add(first, keys.slice(0, cut), 0);
        mergeReservoirs(second, first);
        sortReservoir(second);
        const order = keys.map((_, i) => i).sort((a, b) => keys[a]! - keys[b]! || a - b);
        expect(placesOf(second)).toEqual(order.slice(0, most));
        expect(Array.from(second.values.subarray(0, second.size))).toEqual(order.slice(0, most));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('puts the parts of a row side by side', () => {
    const into = reservoir(2, 3);
    const parts = [
      { values: Float32Array.of(1, 2, 3, 4), width: 2 },
      { values: Float32Array.of(10, 20), width: 1 },
    ];
    addToReservoir(into, parts, Float64Array.of(5, 4), 7);
    sortReservoir(into);
    expect(Array.from(into.values.subarray(0, 6))).toEqual([3, 4, 20, 1, 2, 10]);
    expect(placesOf(into)).toEqual([8, 7]);
  });
});

describe('numbers of rows', () => {
  it('are those of the row, wherever a block begins', () => {
    const [all, keys] = [new Float32Array(3 * 900), new Float64Array(900)];
    rowNoise(2, 3)(all, 0);
    rowKeys(2)(keys, 0);
    for (const [from, to] of [
      [0, 1],
      [255, 257],
      [ROWS_PER_STREAM, 2 * ROWS_PER_STREAM],
      [300, 900],
    ] as const) {
      const [part, partOfKeys] = [new Float32Array(3 * (to - from)), new Float64Array(to - from)];
      rowNoise(2, 3)(part, from);
      rowKeys(2)(partOfKeys, from);
      expect(part).toEqual(all.slice(3 * from, 3 * to));
      expect(partOfKeys).toEqual(keys.slice(from, to));
    }
  });

  it('choose every row alike: keys are uniform', () => {
    const keys = new Float64Array(20_000);
    rowKeys(1)(keys, 12_345);
    const mean = keys.reduce((sum, key) => sum + key / 2 ** 53, 0) / keys.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * keys.length));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
