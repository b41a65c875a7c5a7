import { describe, expect, it } from 'vitest';
import {
  gradientFlow,
  gradientFlowAt,
  gradientFlowField,
  heavyBall,
  heavyBallMu,
  integratedGradientFlow,
} from './flow.js';
import { integrate } from './integrate.js';
import { planeGradient, planeKl } from './kl.js';
import { crossings, turns, winding } from './trajectory.js';

const STARTS = [
  { mu: 3, sigma: 0.02 },
  { mu: 2, sigma: 3 },
  { mu: -1, sigma: 0.3 },
  { mu: 0, sigma: 1e-3 },
  { mu: -4, sigma: 1 },
];

const largestGap = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((v, i) => Math.abs(v - b[i]!)));

describe('integrate', () => {
  it('solves x′ = −x and the harmonic oscillator', () => {
    const times = [0, 0.5, 3, 10];
    const [decay, turn] = [integrate(([x]) => [-x!], [1], times), integrate(([x, v]) => [v!, -x!], [1, 0], times)];
    times.forEach((t, i) => {
      expect(decay[i]![0]).toBeCloseTo(Math.exp(-t), 10);
      expect(turn[i]![0]).toBeCloseTo(Math.cos(t), 10);
    });
  });

  it('says when the path leaves its domain', () => {
    // √(1 − 2t) ends at t = ½.
    expect(() => integrate(([x]) => [x! > 0 ? -1 / x! : Number.NaN], [1], [0, 1])).toThrow('expected a finite path');
  });
});

describe('gradient flow', () => {
  it('is minus the gradient of the KL', () => {
    for (const { mu, sigma } of STARTS) {
      const [g1, g2] = planeGradient(mu, sigma);
      const [v1, v2] = gradientFlowField(mu, sigma);
      expect(v1).toBe(-g1);
      expect(v2 / -g2 || 1).toBeCloseTo(1, 14);
    }
    expect(gradientFlowField(0, 1)).toEqual([-0, 0]);
    expect(gradientFlowField(0, 0)).toEqual([Number.NaN, Number.NaN]);
  });

  it.each(STARTS)('integrated from %o agrees with the closed form to 1e-6', (start) => {
    const closed = gradientFlow({ start, duration: 12 });
    const integrated = integratedGradientFlow({ start, duration: 12 });
    expect(closed.t).toEqual(integrated.t);
    expect(largestGap(closed.mu, integrated.mu)).toBeLessThan(1e-11);
    expect(largestGap(closed.sigma, integrated.sigma)).toBeLessThan(1e-11);
    expect(largestGap(closed.kl, integrated.kl)).toBeLessThan(1e-6);
  });

  it('has the closed form μ₀ e^{−t}, σ² = 1 + (σ₀² − 1) e^{−2t}', () => {
    const { mu, sigma } = gradientFlowAt({ mu: 2, sigma: 0.5 }, 0.7);
    expect(mu).toBeCloseTo(2 * Math.exp(-0.7), 14);
    expect(sigma).toBeCloseTo(Math.sqrt(1 - 0.75 * Math.exp(-1.4)), 14);
    expect(gradientFlowAt({ mu: 2, sigma: 1e-20 }, 0)).toEqual({ mu: 2, sigma: 1e-20 });
  });

  it('tells KL and dKL/dt = −|∇KL|², the derivative of the KL it tells', () => {
    const { t, mu, sigma, kl, dkl, clock } = gradientFlow({
      start: { mu: 1.5, sigma: 0.4 },
      duration: 4,
      samples: 4001,
    });
    expect(clock).toBe('time');
    for (const i of [1, 700, 3999]) {
      expect(kl[i]).toBe(planeKl(mu[i]!, sigma[i]!));
      const [g1, g2] = planeGradient(mu[i]!, sigma[i]!);
      expect(dkl[i]).toBeCloseTo(-(g1 * g1 + g2 * g2), 12);
      expect((kl[i + 1]! - kl[i - 1]!) / (t[i + 1]! - t[i - 1]!)).toBeCloseTo(dkl[i]!, 3);
    }
  });

  it('never passes its fixed point', () => {
    for (const start of STARTS) {
      const path = gradientFlow({ start, duration: 20 });
      expect(crossings(path.mu) + crossings(path.sigma, 1)).toBe(0);
    }
  });

  it('refuses starts and spans that make no flow', () => {
    expect(() => gradientFlow({ start: { mu: 0, sigma: 0 }, duration: 1 })).toThrow(RangeError);
    expect(() => integratedGradientFlow({ start: { mu: 0, sigma: -1 }, duration: 1 })).toThrow(RangeError);
    expect(() => gradientFlow({ start: { mu: 0, sigma: 1 }, duration: 0 })).toThrow('expected a duration above 0');
  });
});

describe('heavy ball', () => {
  const duration = 30;
  const ball = (friction: number, sigma: number) =>
    heavyBall({ start: { mu: 2, sigma }, friction, duration, samples: 1500 });

  it.each([0, 0.5, 1.9, 2, 2.5, 4])('of friction %d has the μ of the closed form', (friction) => {
    const { t, mu } = ball(friction, 0.3);
    const exact = t.map((time) => heavyBallMu(2, 0, friction, time));
    expect(largestGap(mu, exact)).toBeLessThan(1e-10);
  });

  it('has a closed form that starts with its velocity', () => {
    for (const friction of [0.5, 2, 3]) {
      const slope = (heavyBallMu(1, -0.7, friction, 1e-6) - heavyBallMu(1, -0.7, friction, -1e-6)) / 2e-6;
      expect(slope).toBeCloseTo(-0.7, 8);
    }
    const { mu, velocityMu } = heavyBall({ start: { mu: 1, sigma: 2 }, velocity: [-0.7, 0], friction: 3, duration: 5 });
    expect(velocityMu[0]).toBe(-0.7);
    expect(mu.at(-1)).toBeCloseTo(heavyBallMu(1, -0.7, 3, 5), 10);
  });

  it.each([0.2, 0.5, 1])('spirals at friction %d, below 2, as often as its eigenvalues say', (friction) => {
    const found = winding(ball(friction, 2));
    const expected = (curvature: number): number =>
      (Math.sqrt(curvature - friction ** 2 / 4) * duration) / (2 * Math.PI);
    expect(Math.abs(found.turns.mu - expected(1))).toBeLessThan(0.25);
    expect(Math.abs(found.turns.sigma - expected(2))).toBeLessThan(0.5);
    expect(Math.abs(found.crossings.mu - 2 * expected(1))).toBeLessThanOrEqual(1);
    expect(Math.abs(found.crossings.sigma - 2 * expected(2))).toBeLessThanOrEqual(1);
  });

  it('still passes μ = 0 just below friction 2, and never from there on', () => {
    expect(winding(ball(1.9, 2)).crossings.mu).toBeGreaterThan(0);
    for (const friction of [2, 2.4, 4]) {
      const found = winding(ball(friction, 2));
      expect(found.crossings.mu).toBe(0);
      expect(found.turns.mu).toBeLessThan(0.25);
    }
  });

  it('still passes σ = 1 between 2 and 2√2, and never above', () => {
    expect(winding(ball(2, 2)).crossings.sigma).toBeGreaterThan(1);
    expect(winding(ball(2.5, 2)).crossings.sigma).toBeGreaterThan(1);
    for (const [friction, sigma] of [
      [2 * Math.SQRT2, 2],
      [2 * Math.SQRT2, 5],
      [3.5, 0.3],
      [3.5, 2],
    ] as const) {
      const found = winding(ball(friction, sigma));
      expect(found.crossings.sigma).toBe(0);
      expect(found.turns.sigma).toBeLessThan(0.25);
    }
  });

  it('passes σ = 1 once above 2√2 when let go near 0, where the curvature is large', () => {
    expect(winding(ball(3, 0.02)).crossings.sigma).toBe(1);
  });

  it('keeps σ above 0 with no friction at all', () => {
    const { sigma, energy } = ball(0, 0.02);
    expect(Math.min(...sigma)).toBeGreaterThan(0.0199);
    expect(
      largestGap(
        energy,
        energy.map(() => energy[0]!),
      ),
    ).toBeLessThan(1e-8);
  });

  it('refuses negative friction', () => {
    expect(() => ball(-1, 1)).toThrow('heavyBall: expected a friction of at least 0, got -1');
    expect(() => heavyBallMu(1, 0, -1, 1)).toThrow(RangeError);
  });
});

describe('turns and crossings', () => {
  it('of a spiral are its own', () => {
    const angle = Array.from({ length: 1001 }, (_, i) => (i / 1000) * 7 * Math.PI);
    const x = angle.map((a) => Math.exp(-a / 10) * Math.cos(a));
    const y = angle.map((a) => Math.exp(-a / 10) * Math.sin(a));
    expect(turns(x, y)).toBeCloseTo(3.5, 10);
    expect(crossings(x)).toBe(7);
  });

  it('ignore what is rounding', () => {
    expect(crossings([1, 1e-9, -1e-9, 1e-9, 0])).toBe(0);
    expect(crossings([2, 0.5, 1.5, 1], 1)).toBe(2);
  });
});
