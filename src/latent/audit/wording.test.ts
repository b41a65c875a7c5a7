import { expect, it } from 'vitest';
import { count, digits, listed, percent, withArticle } from './wording.js';

it.each([
  [0, '0'],
  [4.2678, '4.27'],
  [-0.01234, '−0.0123'],
  [812.4, '812'],
  [12345.6, '12,346'],
  [0.00012, '0.000120'],
  [3e-7, '3.0e-7'],
  [Number.NaN, 'NaN'],
])('digits of %s', (value, text) => {
  expect(digits(value)).toBe(text);
});

it('counts and lists', () => {
  expect([percent(0.0123), percent(0.5), count(1, 'row'), count(2000, 'row')]).toEqual([
    '1.23%',
    '50.0%',
    '1 row',
    '2,000 rows',
  ]);
  expect(listed([1, 2])).toBe('1, 2');
  expect(listed(Array.from({ length: 20 }, (_, i) => i))).toBe('0, 1, 2, 3, 4, 5, 6, 7, … (20 in all)');
});

it('takes a density into a sentence, and says of the aggregate posterior that it replays', () => {
  expect(withArticle('mixture of 40 full Gaussians')).toBe('a mixture of 40 full Gaussians');
  expect(withArticle('one full Gaussian')).toBe('one full Gaussian');
  expect(withArticle('aggregate posterior')).toBe('the aggregate posterior (which replays training codes)');
});
