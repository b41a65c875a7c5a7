import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rangeOf, rowsAtOnce } from './ranges.js';

it('ranges are all rows, each once, in about equal parts', () => {
  const given = fc.record({ n: fc.nat(100_000), first: fc.nat(1000), parts: fc.integer({ min: 1, max: 300 }) });
  fc.assert(
    fc.property(given, ({ n, first, parts }) => {
      const end = n + first;
      const ranges = Array.from({ length: parts }, (_, i) => rangeOf(end, i, parts, first));
      expect(ranges[0]![0]).toBe(first);
      expect(ranges.at(-1)![1]).toBe(end);
      for (const [i, [from, to]] of ranges.entries()) {
        expect(to - from).toBeGreaterThanOrEqual(0);
        expect(to - from).toBeLessThanOrEqual(n / parts + 512);
        if (i > 0) expect(from).toBe(ranges[i - 1]![1]);
      }
    }),
    { seed: 1 },
  );
});

it('blocks have about 2^18 values, and whole streams of random numbers', () => {
  expect([1, 8, 64, 512, 100_000].map(rowsAtOnce)).toEqual([32_768, 32_768, 4096, 512, 256]);
});
