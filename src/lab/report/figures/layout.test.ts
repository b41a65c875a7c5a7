import { expect, test } from 'vitest';
import { spread } from './spread.js';
import { logTicks, niceSteps } from './ticks.js';

test('logTicks are dense on short axes and powers of ten on long ones', () => {
  expect(logTicks([4.1, 16])).toEqual([5, 6, 8, 10, 15]);
  expect(logTicks([0.5, 60])).toEqual([0.5, 1, 2, 5, 10, 20, 50]);
  expect(logTicks([0.001, 20])).toEqual([0.001, 0.01, 0.1, 1, 10]);
});

test('niceSteps are multiples of 1, 2 or 5', () => {
  expect(niceSteps(0, 20, 6)).toEqual([0, 5, 10, 15, 20]);
  expect(niceSteps(-258, -70, 6)).toEqual([-250, -200, -150, -100]);
  expect(niceSteps(0, 1, 6)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test('spread keeps the order, the gap and the frame, and moves nothing without need', () => {
  expect(spread([50, 10], 16, 0, 100)).toEqual([50, 10]);
  expect(spread([50, 50], 16, 0, 100)).toEqual([42, 58]);
  expect(spread([98, 99, 1], 16, 0, 100)).toEqual([84, 100, 1]);
  const placed = spread([50, 51, 52, 60, 70], 16, 0, 100);
  placed.slice(1).forEach((y, i) => {
    expect(y - placed[i]!).toBeGreaterThanOrEqual(16 - 1e-9);
  });
});
