import { describe, expect, it } from 'vitest';
import { drawsOf, halves, priorDraws, sampleRows, selectRows } from './split.js';

describe('a split by seed', () => {
  it('has every row once, the odd one in the first half', () => {
    const { train, test } = halves(11, 3);
    expect([train.length, test.length]).toEqual([6, 5]);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: 11 }, (_, i) => i));
    expect(halves(11, 3)).toEqual({ train, test });
    expect(halves(11, 4)).not.toEqual({ train, test });
  });

  it('selects rows of draws and of posteriors', () => {
    const z = Float32Array.of(0, 1, 2, 3, 4, 5);
    expect(selectRows({ z, n: 3, latents: 2 }, [2, 0])).toEqual({ z: Float32Array.of(4, 5, 0, 1), n: 2, latents: 2 });
    expect(selectRows({ mu: z, sigma: z, n: 3, latents: 2 }, [1])).toEqual({
      mu: Float32Array.of(2, 3),
      sigma: Float32Array.of(2, 3),
      n: 1,
      latents: 2,
    });
  });

  it('takes all rows, or as many as are wanted', () => {
    expect(Array.from(sampleRows(3, 5, 1))).toEqual([0, 1, 2]);
    const rows = Array.from(sampleRows(1000, 10, 1));
    expect(rows).toHaveLength(10);
    expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
  });
});

describe('draws', () => {
  it('are one of each posterior, other for held-out codes', () => {
    const n = 20_000;
    const codes = { mu: new Float32Array(n).fill(3), sigma: new Float32Array(n).fill(0.5), n, latents: 1 };
    const { z } = drawsOf(codes, 1, 'train');
    const mean = z.reduce((sum, value) => sum + value, 0) / n;
    const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    expect(Math.abs(mean - 3)).toBeLessThan((4 * 0.5) / Math.sqrt(n));
    expect(Math.abs(variance - 0.25)).toBeLessThan(4 * 0.25 * Math.sqrt(2 / n));
    expect(drawsOf(codes, 1, 'test').z[0]).not.toBe(z[0]);
    expect(drawsOf(codes, 2, 'train').z[0]).not.toBe(z[0]);
  });

  it('stay what they are where there are no posteriors', () => {
    const draws = { z: Float32Array.of(1, 2), n: 2, latents: 1 };
    expect(drawsOf(draws, 1, 'train')).toBe(draws);
    expect(priorDraws(3, 2, 1)).toEqual(priorDraws(3, 2, 1));
  });
});
