import { expect, test } from 'vitest';
import { FRICTION, START, theoryPaths } from './index.js';

const { flow, ball, optimizers } = theoryPaths();

test('all paths set out from one point', () => {
  for (const { mu, sigma } of [flow, ball, ...optimizers.map(({ path }) => path)]) {
    expect({ mu: mu[0], sigma: sigma[0] }).toEqual(START);
  }
  expect(ball.friction).toBe(FRICTION);
  expect([ball.velocityMu[0], ball.velocitySigma[0]]).toEqual([0, 0]);
});

test('the flow goes as its closed form, and the ball swings past', () => {
  flow.t.forEach((t, i) => {
    expect(flow.mu[i]).toBeCloseTo(START.mu * Math.exp(-t), 12);
    expect(flow.sigma[i]! ** 2).toBeCloseTo(1 + (START.sigma ** 2 - 1) * Math.exp(-2 * t), 12);
  });
  expect(Math.min(...flow.mu)).toBeGreaterThan(0);
  expect(Math.min(...ball.mu)).toBeLessThan(-0.5);
});

test('the optimizers come to (0, 1), and RMSprop alone leaves it again', () => {
  expect(optimizers.map(({ optimizer }) => optimizer.name)).toEqual(['sgd', 'momentum', 'rmsprop', 'adam']);
  for (const { optimizer, path } of optimizers) {
    const arrived = path.kl.findIndex((kl) => kl < 1e-6);
    expect(arrived).toBeGreaterThan(0);
    expect(Math.max(...path.kl.slice(arrived)) > 1e-3).toBe(optimizer.name === 'rmsprop');
  }
});
