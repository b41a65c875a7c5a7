import { expect, test } from 'vitest';
import { planeKl } from './kl.js';
import { klLevel } from './levels.js';

test.each([0.01, 0.1, 1, 6, 40])('every point of the line at %f nats has that KL, and the line is closed', (level) => {
  const points = klLevel(level);
  for (const [mu, sigma] of points) expect(planeKl(mu, sigma)).toBeCloseTo(level, 9);
  expect(points[0]![1]).toBe(points.at(-1)![1]);
});
