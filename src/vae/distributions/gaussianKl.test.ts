import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { readReference } from '../../../test/support/reference.js';
import { input } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { type Gaussian, gaussianKl, momentMatchedKl, normal } from './index.js';

interface GaussianRow {
  readonly dimensions: number;
  readonly mean1: number[];
  readonly covariance1: number[][];
  readonly mean2: number[];
  readonly covariance2: number[][];
  readonly kl: number;
}
interface MomentRow {
  readonly samples: number[][];
  readonly sigma: number[][];
  readonly kl: number;
  readonly posteriorsKl: number;
}
const { gaussians, momentMatched } = readReference<{ gaussians: GaussianRow[]; momentMatched: MomentRow[] }>(
  'distributions',
);

const diagonal = (values: readonly number[]): number[] =>
  values.flatMap((v, i) => values.map((_, j) => (i === j ? v : 0)));
const standard = (d: number): Gaussian => ({
  mean: new Array<number>(d).fill(0),
  covariance: diagonal(new Array<number>(d).fill(1)),
});

/** Population moments of rows, plus a diagonal. */
const momentsOf = (rows: readonly (readonly number[])[], within: readonly number[]): Gaussian => {
  const mean = rows[0]!.map((_, d) => rows.reduce((total, row) => total + row[d]!, 0) / rows.length);
  const covariance = mean.flatMap((m, i) =>
    mean.map((n, j) => {
      const between = rows.reduce((total, row) => total + (row[i]! - m) * (row[j]! - n), 0) / rows.length;
      return between + (i === j ? within[i]! : 0);
    }),
  );
  return { mean, covariance };
};

describe('gaussianKl', () => {
  it.each(gaussians.map((row, i) => [i, row] as const))('is that of torch.distributions: row %i', (_, row) => {
    const value = gaussianKl(
      { mean: row.mean1, covariance: row.covariance1.flat() },
      { mean: row.mean2, covariance: row.covariance2.flat() },
    );
    expectClose([value], [row.kl], { relative: 1e-10, absolute: 1e-12 });
  });

  it('is the KL of the diagonal case', () => {
    const [mu, sigma] = [
      [0.3, -2, 0, 1],
      [0.1, 1, 3, 0.5],
    ] as const;
    const kl = normal(input('mu', [1, 4]), input('sigma', [1, 4])).klStandardNormal();
    const value = gaussianKl({ mean: mu, covariance: diagonal(sigma.map((s) => s ** 2)) }, standard(4));
    expectClose([value], evaluate([kl], { mu, sigma })[0]!, { relative: 1e-12 });
  });

  it('refuses a covariance that is not positive definite', () => {
    const message = 'gaussianKl: expected a positive definite covariance, got one that is not';
    const bad = { mean: [0, 0], covariance: [1, 2, 2, 1] };
    expect(() => gaussianKl(bad, standard(2))).toThrow(new RangeError(message));
    expect(() => gaussianKl(standard(2), bad)).toThrow(new RangeError(message));
    expect(() => gaussianKl({ mean: [0, 0], covariance: [1, 1, 1, 1] }, standard(2))).toThrow(message);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => gaussianKl({ mean: [0, 0], covariance: [value, 0, 0, 1] }, standard(2))).toThrow(message);
      expect(() => gaussianKl({ mean: [0, 0], covariance: [1, value, value, 1] }, standard(2))).toThrow(message);
    }
  });

  it('reads the lower triangle, so that rounding in the upper one does no harm', () => {
    const p = { mean: [1, 0], covariance: [2, 0.5 + 1e-7, 0.5, 1] };
    expect(gaussianKl(p, standard(2))).toBe(gaussianKl({ ...p, covariance: [2, 0.5, 0.5, 1] }, standard(2)));
  });

  it('says which sizes it was given', () => {
    expect(() => gaussianKl(standard(2), standard(3))).toThrow(
      'gaussianKl: expected [2] and [2, 2] twice, got 3 and 9 values',
    );
  });
});

describe('momentMatchedKl', () => {
  it.each(momentMatched.map((row, i) => [i, row] as const))('is that of numpy: row %i', (_, row) => {
    const none = row.samples[0]!.map(() => 0);
    const within = none.map((_zero, d) => row.sigma.reduce((total, s) => total + s[d]! ** 2, 0) / row.sigma.length);
    expectClose([momentMatchedKl(momentsOf(row.samples, none))], [row.kl], { relative: 1e-10, absolute: 1e-13 });
    expectClose([momentMatchedKl(momentsOf(row.samples, within))], [row.posteriorsKl], {
      relative: 1e-10,
      absolute: 1e-13,
    });
  });

  it('is gaussianKl to N(0, I)', () => {
    for (const { mean1, covariance1, dimensions } of gaussians) {
      const p = { mean: mean1, covariance: covariance1.flat() };
      expectClose([momentMatchedKl(p)], [gaussianKl(p, standard(dimensions))], { relative: 1e-10, absolute: 1e-12 });
    }
  });

  it('is a lower bound on the KL of a mixture, and exact for one Gaussian', () => {
    const mixtures = [
      { means: [0.7], sigma: 0.4 },
      { means: [-1, 1], sigma: 0.2 },
      { means: [-2, 0, 0.1, 2], sigma: 0.05 },
      { means: [0, 0, 0, 3], sigma: 1 },
    ];
    for (const { means, sigma } of mixtures) {
      const n = 40_000;
      let kl = 0;
      for (let i = 0; i < n; i++) {
        const z = -12 + (24 * (i + 0.5)) / n;
        const density = means.reduce((p, m) => p + Math.exp(-0.5 * ((z - m) / sigma) ** 2) / sigma / means.length, 0);
        if (density > 0) kl += ((24 / n) * density * (Math.log(density) + 0.5 * z ** 2)) / Math.sqrt(2 * Math.PI);
      }
      const bound = momentMatchedKl(
        momentsOf(
          means.map((m) => [m]),
          [sigma ** 2],
        ),
      );
      if (means.length === 1) expect(bound).toBeCloseTo(kl, 8);
      else expect(bound).toBeLessThan(kl - 1e-3);
    }
  });

  it('refuses fewer draws than dimensions', () => {
    const flat = momentsOf(
      [
        [1, 2, 3],
        [0, 1, 1],
      ],
      [0, 0, 0],
    );
    expect(() => momentMatchedKl(flat)).toThrow(
      new RangeError('momentMatchedKl: expected a positive definite covariance, got one that is not'),
    );
  });
});
