import { describe, expect, it } from 'vitest';
import type { OptimizerConfig } from '../../engine/optim/index.js';
import { descend } from './descent.js';
import { gradientFlowAt } from './flow.js';
import { planeGradient, planeKl } from './kl.js';

const START = { mu: 2, sigma: 0.3 };

/** Update rules as the papers write them, one coordinate at a time: increment of step t from gradient g and memory. */
const textbook: Record<string, (memory: Record<string, number>, g: number, t: number) => number> = {
  sgd: (_, g) => -0.05 * g,
  momentum: (memory, g) => {
    memory.v = 0.9 * (memory.v ?? 0) + g;
    return -0.01 * memory.v;
  },
  rmsprop: (memory, g) => {
    memory.v = 0.99 * (memory.v ?? 0) + 0.01 * g * g;
    memory.m = 0.99 * (memory.m ?? 0) + 0.01 * g;
    return (-0.01 * g) / (Math.sqrt(memory.v - memory.m ** 2) + 1e-8);
  },
  adam: (memory, g, t) => {
    memory.m = 0.9 * (memory.m ?? 0) + 0.1 * g;
    memory.v = 0.999 * (memory.v ?? 0) + 0.001 * g * g;
    return (-0.01 * (memory.m / (1 - 0.9 ** t))) / (Math.sqrt(memory.v / (1 - 0.999 ** t)) + 1e-8);
  },
};

const configs: Record<string, OptimizerConfig> = {
  sgd: { name: 'sgd', lr: 0.05 },
  momentum: { name: 'momentum', lr: 0.01, momentum: 0.9 },
  rmsprop: { name: 'rmsprop', lr: 0.01, alpha: 0.99, eps: 1e-8, centered: true },
  adam: { name: 'adam', lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
};

describe('discrete maps', () => {
  it.each(Object.keys(configs))('%s follows its textbook rule for 50 steps', (name) => {
    const path = descend({ optimizer: configs[name]!, start: START, steps: 50 });
    let { mu, sigma } = START;
    const memories = [{}, {}];
    for (let t = 1; t <= 50; t++) {
      const [g1, g2] = planeGradient(mu, sigma);
      mu += textbook[name]!(memories[0]!, g1, t);
      sigma += textbook[name]!(memories[1]!, g2, t);
      expect(path.mu[t]).toBeCloseTo(mu, 10);
      expect(path.sigma[t]).toBeCloseTo(sigma, 10);
    }
    expect(path).toMatchObject({ law: name, clock: 'step' });
    expect(path.t).toHaveLength(51);
    expect(path.kl[50]).toBe(planeKl(path.mu[50]!, path.sigma[50]!));
    expect(path.dkl[50]).toBe(path.kl[50]! - path.kl[49]!);
    expect(path.dkl[0]).toBe(0);
  });

  it('SGD is gradient flow as its rate goes to 0, with an error of first order', () => {
    const errorAt = (lr: number): number => {
      const path = descend({ optimizer: { name: 'sgd', lr }, start: START, steps: Math.round(1 / lr) });
      const exact = gradientFlowAt(START, 1);
      return Math.hypot(path.mu.at(-1)! - exact.mu, path.sigma.at(-1)! - exact.sigma);
    };
    expect(errorAt(0.01) / errorAt(0.005)).toBeCloseTo(2, 1);
  });

  it.each(['sgd', 'momentum', 'adam'])('%s comes to (0, 1)', (name) => {
    const { kl } = descend({ optimizer: configs[name]!, start: START, steps: 1000 });
    expect(kl.at(-1)).toBeLessThan(1e-10);
  });

  it('RMSprop comes near, is thrown out, and ends in the two-cycle μ = ±η/2', () => {
    const { mu, kl } = descend({ optimizer: { ...configs.rmsprop!, lr: 0.02 }, start: START, steps: 2500 });
    const arrived = kl.findIndex((value) => value < 1e-10);
    expect(arrived).toBeGreaterThan(0);
    expect(Math.max(...kl.slice(arrived))).toBeGreaterThan(1e-4);
    expect(mu.at(-1)! * mu.at(-2)!).toBeLessThan(0);
    expect(Math.abs(mu.at(-1)!) / 0.01).toBeGreaterThan(0.5);
    expect(Math.abs(mu.at(-1)!) / 0.01).toBeLessThan(2);
  });

  it('says which step left the half plane', () => {
    const leap = () => descend({ optimizer: { name: 'sgd', lr: 1.5 }, start: { mu: 0, sigma: 3 }, steps: 5 });
    expect(leap).toThrow('at step 1 of sgd with rate 1.5');
    expect(() => descend({ optimizer: configs.sgd!, start: { mu: 0, sigma: 0 }, steps: 1 })).toThrow(RangeError);
  });
});
