import { describe, expect, it } from 'vitest';
import { descend } from './descent.js';
import { gradientFlow, heavyBall, integratedGradientFlow } from './flow.js';
import { energyNeverRises, exponentialDecay, klNeverRises } from './lyapunov.js';

const STARTS = [
  { mu: 3, sigma: 0.02 },
  { mu: 2, sigma: 3 },
  { mu: -1, sigma: 0.3 },
  { mu: 0, sigma: 1e-3 },
  { mu: -4, sigma: 1 },
];

describe('gradient flow', () => {
  it.each(STARTS)('from %o never raises the KL, in closed form or integrated', (start) => {
    for (const flow of [gradientFlow, integratedGradientFlow]) {
      const found = klNeverRises(flow({ start, duration: 10 }));
      expect(found).toMatchObject({ never: true, quantity: 'KL', tolerance: 1e-12 });
      expect(found.largestRate).toBeLessThanOrEqual(0);
      expect(found.aboveStart).toBeLessThan(0);
    }
  });

  it.each(STARTS)('from %o brings the KL down at least as e^{−2t}', (start) => {
    const { slowestRate, exponential } = exponentialDecay(gradientFlow({ start, duration: 10 }));
    expect(slowestRate).toBeGreaterThan(2 - 1e-9);
    expect(exponential).toBe(true);
  });

  it('falls exactly as e^{−2t} along σ = 1, and near e^{−4t} along μ = 0', () => {
    expect(exponentialDecay(gradientFlow({ start: { mu: 2, sigma: 1 }, duration: 3 })).slowestRate).toBeCloseTo(2, 12);
    expect(exponentialDecay(gradientFlow({ start: { mu: 0, sigma: 0.999 }, duration: 3 })).slowestRate).toBeCloseTo(
      4,
      2,
    );
  });
});

describe('heavy ball', () => {
  it.each([0.2, 1, 2, 4])('of friction %d never raises KL + ½ |v|²', (friction) => {
    for (const start of STARTS) {
      const found = energyNeverRises(heavyBall({ start, friction, duration: 20, samples: 500 }));
      expect(found).toMatchObject({ never: true, quantity: 'energy' });
      expect(found.largestRate).toBeLessThanOrEqual(0);
    }
  });

  it('keeps the energy without friction', () => {
    const { energy } = heavyBall({ start: { mu: 2, sigma: 0.3 }, friction: 0, duration: 20 });
    for (const value of energy) expect(Math.abs(value - energy[0]!)).toBeLessThan(1e-9);
  });

  it('raises the KL itself while it swings out on the other side', () => {
    const ball = heavyBall({ start: { mu: 2, sigma: 0.3 }, friction: 0.5, duration: 20, samples: 500 });
    const found = klNeverRises(ball);
    expect(found.never).toBe(false);
    expect(found.largestRise).toBeGreaterThan(1e-3);
    expect(found.largestRate).toBeGreaterThan(0.1);
    const i = ball.t.indexOf(found.at);
    expect(ball.kl[i]! - ball.kl[i - 1]!).toBe(found.largestRise);
    expect(found.aboveStart).toBeLessThan(0);
  });

  it('thrown up the slope raises the KL above its start', () => {
    const start = { mu: 0.1, sigma: 1 };
    const ball = heavyBall({ start, velocity: [2, 0], friction: 0.5, duration: 10 });
    expect(klNeverRises(ball).aboveStart).toBeGreaterThan(0.5);
    expect(energyNeverRises(ball).never).toBe(true);
  });
});

describe('optimizers', () => {
  const start = { mu: 2, sigma: 0.3 };

  it('SGD with a small rate never raises the KL, momentum does', () => {
    expect(klNeverRises(descend({ optimizer: { name: 'sgd', lr: 0.05 }, start, steps: 300 })).never).toBe(true);
    const momentum = descend({ optimizer: { name: 'momentum', lr: 0.01, momentum: 0.9 }, start, steps: 300 });
    expect(klNeverRises(momentum).never).toBe(false);
  });

  it('have no rate in time', () => {
    const path = descend({ optimizer: { name: 'sgd', lr: 0.05 }, start, steps: 3 });
    expect(() => exponentialDecay(path)).toThrow('exponentialDecay: expected a trajectory in time, got steps of sgd');
  });
});
