import { describe, expect, it } from 'vitest';
import { axis, defaultGrid } from '../../latent/theory/index.js';
import { theorySummary } from './index.js';

const summary = theorySummary();
const { minimum, flow, ball, misread } = summary;

describe('theorySummary', () => {
  it('finds the one analytic minimum at (0, 1)', () => {
    expect(minimum.analytic).toMatchObject({ unique: true, starts: 61 * 60, lowestCell: { mu: 0, sigma: 1 } });
    expect(minimum.analytic.minimum).toMatchObject({ mu: 0, sigma: 1, kl: 0 });
    // The slope is (μ, σ − 1/σ): on the grid outside the radius it is least just above σ = 1.
    expect(minimum.analytic.smallestGradient.value).toBeCloseTo(1.05 - 1 / 1.05, 12);
    expect(minimum.analytic.curvatureFloor).toBe(1);
  });

  it('finds the Monte Carlo minimum there within error, scattered as theory says', () => {
    const { mu, sigma, draws, z, coincide, minima } = minimum.monteCarlo;
    expect(coincide).toBe(true);
    expect(Math.abs(z.mu)).toBeLessThan(4);
    expect(Math.abs(z.sigma)).toBeLessThan(4);
    expect(minima).toHaveLength(mu.n);
    // The standard error of n values is itself known to a relative 1 / √(2 (n − 1)).
    const tolerance = 4 / Math.sqrt(2 * (mu.n - 1));
    expect(Math.abs(mu.se * Math.sqrt(draws * mu.n) - 1)).toBeLessThan(tolerance);
    expect(Math.abs(sigma.se * Math.sqrt(2 * draws * sigma.n) - 1)).toBeLessThan(tolerance);
    expect(minimum.monteCarloUniqueness.unique).toBe(true);
  });

  it('sees the Monte Carlo surface close in as 1/√n', () => {
    const { mu, sigma } = defaultGrid;
    // With a = μσ and b = ½ (σ² − 1) the term a ε + b ε² has variance a² + 2 b².
    const spreads = sigma.flatMap((s) => mu.map((m) => Math.hypot(m * s, (s * s - 1) / Math.SQRT2)));
    const spread = spreads.reduce((sum, value) => sum + value, 0) / spreads.length;
    for (const { n, meanSe, largestErrorInSe } of minimum.sampleSizes) {
      // The variance of a term with ε² is known to some 7.5 / (2 √n) of itself.
      expect(Math.abs((meanSe * Math.sqrt(n)) / spread - 1)).toBeLessThan((4 * 1.9) / Math.sqrt(n));
      expect(largestErrorInSe).toBeLessThan(4);
    }
    expect(minimum.sampleSizes.map(({ n }) => n)).toEqual([100, 1000, 10_000, 100_000]);
  });

  it('sees gradient flow come to a stable node, with the KL falling all the way', () => {
    expect(flow.eigenvalues.map(({ re }) => re)).toEqual([-1, -2]);
    flow.numeric.forEach(({ re, im }, i) => {
      expect(re).toBeCloseTo(flow.eigenvalues[i]!.re, 8);
      expect(im).toBe(0);
    });
    expect(flow.kind).toBe('stable node');
    expect(flow.kl.never).toBe(true);
    expect(flow.kl.largestRate).toBeLessThanOrEqual(flow.kl.tolerance);
    expect(flow.decay.exponential).toBe(true);
    expect(flow.decay.slowestRate).toBeCloseTo(2, 9);
    for (const gap of Object.values(flow.difference)) expect(gap).toBeLessThan(1e-6);
    expect(flow.starts.length).toBeGreaterThanOrEqual(6);
  });

  it('sees the heavy ball spiral: its KL rises, its energy never', () => {
    const { friction } = ball;
    const half = friction / 2;
    for (const [coordinate, curvature] of [
      ['mu', 1],
      ['sigma', 2],
    ] as const) {
      const [first, second] = ball.eigenvalues[coordinate];
      expect(first.re).toBe(-half);
      expect(first.im).toBeCloseTo(Math.sqrt(curvature - half * half), 12);
      expect(second.im).toBe(-first.im);
      expect(ball.criticalFriction[coordinate]).toBeCloseTo(2 * Math.sqrt(curvature), 12);
    }
    expect(ball.numeric.map(({ re }) => re.toFixed(7))).toEqual(axis(-half, -half, 4).map((re) => re.toFixed(7)));
    expect(ball.kind).toBe('stable spiral');
    expect([ball.kl.never, ball.energy.never]).toEqual([false, true]);
    expect(ball.winding.crossings.mu).toBeGreaterThan(3);
  });

  it('measures what reading σ as a variance does', () => {
    misread.sigma.forEach((sigma, i) => {
      const [kl, reported] = [0.5 * (sigma * sigma - 1) - Math.log(sigma), 0.5 * (sigma - 1 - Math.log(sigma))];
      expect(misread.kl[i]).toBeCloseTo(kl, 12);
      expect(misread.ratio[i]).toBeCloseTo(kl / reported, 9);
    });
  });

  it('draws by seed, and draws nothing but the Monte Carlo surfaces', () => {
    const other = theorySummary(2);
    expect(theorySummary(2)).toEqual(other);
    expect(other.minimum.monteCarlo.mu.value).not.toBe(minimum.monteCarlo.mu.value);
    expect([other.flow, other.ball, other.misread]).toEqual([flow, ball, misread]);
    expect(other.minimum.analytic).toEqual(minimum.analytic);
  });
});
