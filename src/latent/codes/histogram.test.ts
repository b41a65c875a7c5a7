import { describe, expect, it } from 'vitest';
import { keyedStream } from '../../engine/random/index.js';
import { evenEdges, histogram } from './histogram.js';

describe('evenEdges', () => {
  it('are multiples of a width that reads well, without rounding noise', () => {
    expect(evenEdges(0, 1, 10)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(evenEdges(-5, 5, 100)[53]).toBe(0.3);
  });

  it.each([
    [-0.05, 0.31, 10, [-0.1, 0, 0.1, 0.2, 0.3, 0.4]],
    [0, 1, 6, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 1, 4, [0, 0.5, 1]],
    [3, 4001, 5, [0, 1000, 2000, 3000, 4000, 5000]],
  ])('cover %f … %f in at most %i bins', (low, high, bins, edges) => {
    expect(evenEdges(low, high, bins)).toEqual(edges);
  });

  it.each([
    [1, 1],
    [2, 1],
    [0, Number.POSITIVE_INFINITY],
    [Number.NaN, 1],
  ])('are refused for %f … %f', (low, high) => {
    expect(() => evenEdges(low, high, 10)).toThrow(
      new RangeError(`evenEdges: expected finite low < high, got ${low} and ${high}`),
    );
  });
});

describe('histogram', () => {
  it('puts an edge into the bin above it, and counts what is outside', () => {
    const values = [-1, 0, 0.0999, 0.1, 0.2, 0.3, 0.30001, Number.NaN];
    expect(histogram(values, [0, 0.1, 0.2, 0.3])).toEqual({
      edges: [0, 0.1, 0.2, 0.3],
      counts: [2, 1, 1],
      below: 1,
      above: 3,
    });
  });

  it('agrees with a search over every edge', () => {
    const edges = evenEdges(-5, 5, 100);
    const values = new Float32Array(20_000);
    keyedStream(1, 'test/histogram', 0).fillNormal(values);
    // Values on the edges themselves, where a bin found by division may be one off.
    edges.forEach((edge, i) => {
      values[i] = edge;
    });
    const slow = edges.slice(1).map((edge, i) => values.filter((value) => value >= edges[i]! && value < edge).length);
    expect(histogram(values, edges).counts).toEqual(slow);
    const exact = histogram(edges, edges);
    expect([...new Set(exact.counts), exact.below, exact.above]).toEqual([1, 0, 1]);
  });

  it('counts one column of a table', () => {
    expect(histogram([0, 5, 1, 6, 2, 7], [0, 2, 6], 1, 2)).toEqual({
      edges: [0, 2, 6],
      counts: [0, 1],
      below: 0,
      above: 2,
    });
  });
});
