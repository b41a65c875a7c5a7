import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ascending } from './ascending.js';

it('orders any float32 values, equal ones as they came', () => {
  const values = fc.array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, 1e-45, -3e38)), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(values, (list) => {
      const floats = Float32Array.from(list);
      const below = (a: number, b: number): boolean => a < b || (a === b && Object.is(a, -0) && !Object.is(b, -0));
      const expected = Array.from(floats.keys()).sort((p, q) =>
        below(floats[p]!, floats[q]!) ? -1 : below(floats[q]!, floats[p]!) ? 1 : p - q,
      );
      expect(Array.from(ascending(floats))).toEqual(expected);
    }),
    { seed: 1 },
  );
});
