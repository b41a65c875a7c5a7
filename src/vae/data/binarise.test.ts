import { describe, expect, it } from 'vitest';
import { keyedStream } from '../../engine/random/index.js';
import { binarise, epochOrder } from './index.js';

describe('binarise', () => {
  it('by threshold sets what is above 127', () => {
    const out = new Uint8Array(5);
    binarise(Uint8Array.of(0, 127, 128, 200, 255), out, 'threshold');
    expect([...out]).toEqual([0, 0, 1, 1, 1]);
  });

  it.each(['static', 'dynamic'] as const)('draws Bernoulli(x / 255): %s', (kind) => {
    const n = 20_000;
    for (const x of [0, 1, 51, 128, 254, 255]) {
      const out = new Uint8Array(n);
      binarise(new Uint8Array(n).fill(x), out, kind, keyedStream(1, 'binarise', x));
      const p = x / 255;
      const mean = out.reduce((a, b) => a + b, 0) / n;
      expect(Math.abs(mean - p), `x = ${x}`).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / n));
    }
  });

  it('draws the same from the same stream, in place too', () => {
    const pixels = Uint8Array.from({ length: 256 }, (_, i) => i);
    const out = new Uint8Array(256);
    binarise(pixels, out, 'dynamic', keyedStream(1, 'binarise', 3));
    binarise(pixels, pixels, 'dynamic', keyedStream(1, 'binarise', 3));
    expect(pixels).toEqual(out);
  });

  it('says what is missing', () => {
    expect(() => binarise(new Uint8Array(4), new Uint8Array(3), 'threshold')).toThrow(
      'binarise: expected out of 4 bytes, got 3',
    );
    expect(() => binarise(new Uint8Array(4), new Uint8Array(4), 'static')).toThrow(
      'binarise: expected a stream for static binarisation, got none',
    );
  });
});

describe('the order of an epoch', () => {
  it('is a permutation of its own for every epoch and seed', () => {
    const order = epochOrder(1, 4, 500);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(epochOrder(1, 4, 500)).toEqual(order);
    expect(epochOrder(1, 5, 500)).not.toEqual(order);
    expect(epochOrder(2, 4, 500)).not.toEqual(order);
  });
});
