import { expect, test } from 'vitest';
import { planeKl } from '../../../../latent/theory/index.js';
import { apart } from './curve.js';
import { LEVELS, levelAt } from './klContours.js';

test.each(LEVELS)('the line at %f nats crosses sigma = 1 where it is labelled', (level) => {
  expect(planeKl(levelAt(level), 1)).toBeCloseTo(level, 12);
});

test('apart keeps the ends of a path and leaves out what no eye could see', () => {
  expect(apart([])).toEqual([]);
  expect(
    apart(
      [
        [0, 0],
        [0.001, 0],
        [0.01, 0],
        [0.011, 0],
      ],
      0.005,
    ),
  ).toEqual([
    [0, 0],
    [0.01, 0],
    [0.011, 0],
  ]);
});
