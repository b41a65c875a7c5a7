import { describe, expect, it } from 'vitest';
import { bracketOf, isGain } from './densities.js';
import { followStages } from './stages.js';

describe('the bracket', () => {
  it('runs from held-out codes to the in-sample mixture, and the information is what the rate leaves', () => {
    expect(bracketOf(20, 9, 4)).toEqual({ marginalKl: [4, 9], mutualInformation: [11, 16] });
  });

  it('never leaves 0 … R, nor crosses itself', () => {
    expect(bracketOf(20, 9, -3).marginalKl).toEqual([0, 9]);
    expect(bracketOf(20, 25, 30).marginalKl).toEqual([20, 20]);
    expect(bracketOf(1, -0.01, 0.5)).toEqual({ marginalKl: [0, 0], mutualInformation: [1, 1] });
  });
});

it('a gain is more than two standard errors, and more than nothing', () => {
  expect(isGain({ value: 1, se: 0.4, n: 10, unit: 'nats' })).toBe(true);
  expect(isGain({ value: 1, se: 0.6, n: 10, unit: 'nats' })).toBe(false);
  expect(isGain({ value: 1e-4, se: 1e-6, n: 10, unit: 'nats' })).toBe(false);
});

it('stages share the whole by their weights', () => {
  const told: [string, number][] = [];
  const progress = followStages((stage, share) => told.push([stage, share]));
  progress('checking codes');
  progress('moments', 1);
  progress('splitting the rate');
  progress('figures', 5);
  expect(told[0]).toEqual(['checking codes', 0]);
  expect(told[1]![1]).toBe(told[2]![1]);
  expect(told[3]).toEqual(['figures', 1]);
});
