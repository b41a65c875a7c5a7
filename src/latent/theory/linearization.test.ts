import { describe, expect, it } from 'vitest';
import { descend } from './descent.js';
import { gradientFlowField } from './flow.js';
import {
  type Complex,
  criticalFriction,
  eigenvalues,
  fixedPointKind,
  gradientFlowEigenvalues,
  heavyBallEigenvalues,
  numericJacobian,
  stepMultipliers,
} from './linearization.js';

const flow = ([mu, sigma]: readonly number[]): readonly number[] => gradientFlowField(mu!, sigma!);

const ball =
  (friction: number) =>
  ([mu, sigma, v1, v2]: readonly number[]): readonly number[] => {
    const [pull1, pull2] = gradientFlowField(mu!, sigma!);
    return [v1!, v2!, pull1 - friction * v1!, pull2 - friction * v2!];
  };

const gap = (a: Complex, b: Complex): number => Math.hypot(a.re - b.re, a.im - b.im);

/** Every expected value has its own found one within the tolerance. */
const expectSame = (found: readonly Complex[], expected: readonly Complex[], tolerance: number): void => {
  const left = [...found];
  for (const value of expected) {
    left.sort((a, b) => gap(a, value) - gap(b, value));
    expect(gap(left.shift()!, value)).toBeLessThan(tolerance);
  }
  expect(left).toHaveLength(0);
};

describe('gradient flow at (0, 1)', () => {
  it('has eigenvalues −1 and −2, by formula and by differences of its field: a stable node', () => {
    expect(gradientFlowEigenvalues()).toEqual([
      { re: -1, im: 0 },
      { re: -2, im: 0 },
    ]);
    const numeric = eigenvalues(numericJacobian(flow, [0, 1]));
    expectSame(numeric, gradientFlowEigenvalues(), 1e-8);
    expect(fixedPointKind(numeric)).toBe('stable node');
  });

  it('decays at those rates', () => {
    const [slow, fast] = [-1, -2].map((rate) => Math.exp(rate * 0.1));
    const multipliers = stepMultipliers(1e-3);
    expect(multipliers.mu[0].re ** 100).toBeCloseTo(slow!, 3);
    expect(multipliers.sigma[0].re ** 100).toBeCloseTo(fast!, 3);
  });
});

describe('heavy ball at (0, 1)', () => {
  it.each([0, 0.5, 1, 1.99, 2.2, 2.8, 3, 5])('of friction %d has the eigenvalues of its field', (friction) => {
    const { mu, sigma } = heavyBallEigenvalues(friction);
    const numeric = eigenvalues(numericJacobian(ball(friction), [0, 1, 0, 0]));
    expectSame(numeric, [...mu, ...sigma], 1e-7);
  });

  it('turns from spiral to node at 2 in μ and at 2√2 in σ', () => {
    expect(criticalFriction).toEqual({ mu: 2, sigma: 2 * Math.SQRT2 });
    const kinds = (friction: number): string[] => {
      const { mu, sigma } = heavyBallEigenvalues(friction);
      return [fixedPointKind(mu), fixedPointKind(sigma)];
    };
    expect(kinds(0)).toEqual(['centre', 'centre']);
    expect(kinds(0.5)).toEqual(['stable spiral', 'stable spiral']);
    expect(kinds(2 - 1e-9)).toEqual(['stable spiral', 'stable spiral']);
    expect(kinds(2)).toEqual(['stable node', 'stable spiral']);
    expect(kinds(2 * Math.SQRT2 - 1e-9)).toEqual(['stable node', 'stable spiral']);
    expect(kinds(2 * Math.SQRT2 + 1e-9)).toEqual(['stable node', 'stable node']);
    expect(heavyBallEigenvalues(2).mu).toEqual([
      { re: -1, im: 0 },
      { re: -1, im: 0 },
    ]);
  });
});

describe('optimizer steps at (0, 1)', () => {
  it('SGD multiplies by 1 − η and 1 − 2η', () => {
    const { mu, sigma } = stepMultipliers(0.05);
    expect(mu[0].re).toBeCloseTo(0.95, 14);
    expect(sigma[0].re).toBeCloseTo(0.9, 14);
    const path = descend({ optimizer: { name: 'sgd', lr: 0.05 }, start: { mu: 1e-4, sigma: 1 + 1e-4 }, steps: 10 });
    expect(path.mu[10]! / path.mu[9]!).toBeCloseTo(0.95, 10);
    expect((path.sigma[10]! - 1) / (path.sigma[9]! - 1)).toBeCloseTo(0.9, 4);
  });

  it('momentum has complex multipliers of modulus √β, and its μ obeys their recurrence', () => {
    const { mu, sigma } = stepMultipliers(0.01, 0.9);
    for (const r of [...mu, ...sigma]) {
      expect(Math.hypot(r.re, r.im)).toBeCloseTo(Math.sqrt(0.9), 14);
      expect(r.im).not.toBe(0);
    }
    const { mu: path } = descend({
      optimizer: { name: 'momentum', lr: 0.01, momentum: 0.9 },
      start: { mu: 2, sigma: 0.3 },
      steps: 20,
    });
    const [b, c] = [-2 * mu[0].re, 0.9];
    for (let k = 2; k <= 20; k++) expect(path[k]! + b * path[k - 1]! + c * path[k - 2]!).toBeCloseTo(0, 12);
  });
});

describe('eigenvalues', () => {
  it('of known matrices', () => {
    expectSame(
      eigenvalues([
        [0, 1],
        [-1, 0],
      ]),
      [
        { re: 0, im: 1 },
        { re: 0, im: -1 },
      ],
      1e-14,
    );
    expect(
      fixedPointKind(
        eigenvalues([
          [1, 0],
          [0, -1],
        ]),
      ),
    ).toBe('saddle');
    expect(
      fixedPointKind(
        eigenvalues([
          [1, 0],
          [0, 2],
        ]),
      ),
    ).toBe('unstable');
    expect(() => eigenvalues([[1, 2]])).toThrow('eigenvalues: expected a square matrix, got rows of 2');
  });
});
