import { expect, test } from 'vitest';
import { duration, integer, short, tick, withInterval } from './written.js';

test.each([
  [-96.7321, 0.4123, '−96.7 ± 0.4'],
  [19.4218, 0.1402, '19.42 ± 0.14'],
  [-0.04, 0.3, '0.0 ± 0.3'],
  [0.002086, 0.0000123, '0.00209 ± 0.00001'],
  [0.001092, 0.0000087, '0.00109 ± 0.00001'],
  [12345.6, 23, '12,346 ± 23'],
  [3.21e-7, 2e-8, '(3.2 ± 0.2) × 10⁻⁷'],
  [-211.72, 0, '−212'],
  [0.4, 5e-16, '0.400'],
  [Number.NaN, 1, 'n/a'],
])('withInterval %d ± %d', (value, half, text) => {
  expect(withInterval({ value, half })).toBe(text);
});

test('short keeps three digits', () => {
  expect([96.72, 0.0021349, -543.4, 0, 3.14e-7, Number.NaN].map(short)).toEqual([
    '96.7',
    '0.00213',
    '−543',
    '0',
    '3.1 × 10⁻⁷',
    'n/a',
  ]);
});

test('integer, tick and duration', () => {
  expect(integer(10000)).toBe('10,000');
  expect([0.001, 1e-5, -250, 1e6, 0].map(tick)).toEqual(['0.001', '10⁻⁵', '−250', '10⁶', '0']);
  expect([4.21, 59, 291, 3720].map(duration)).toEqual(['4.2 s', '59 s', '4 min 51 s', '1 h 2 min']);
});
