import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utf8Text } from './utf8Text.js';

it('is what was encoded, across blocks', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 16_370, max: 16_390 }), (text, before) => {
      const whole = 'a'.repeat(before) + text;
      expect(utf8Text(new TextEncoder().encode(whole))).toBe(whole);
    }),
    { seed: 8 },
  );
});

it('refuses what is no UTF-8', () => {
  expect(() => utf8Text(Uint8Array.of(0x61, 0xff))).toThrow(URIError);
  expect(() => utf8Text(new Uint8Array(40_000).fill(0x80))).toThrow(URIError);
});
