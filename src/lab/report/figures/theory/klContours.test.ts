import { expect, test } from 'vitest';
import { planeKl } from '../../../../latent/theory/index.js';
import { apart } from './curve.js';
import { klLevel, LEVELS, levelAt } from './klContours.js';

test.each(LEVELS)('every point of the line at %f nats has that KL, and the line is closed', (level) => {
  const points = klLevel(level);
  for (const [mu, sigma] of points) expect(planeKl(mu, sigma)).toBeCloseTo(level, 9);
  expect(points[0]![1]).toBe(points.at(-1)![1]);
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
