import { describe, expect, it } from 'vitest';
import { readReference } from '../../../test/support/reference.js';
import { ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { type Features, featureRows, frechetDistance } from './index.js';

interface Case {
  readonly reference: readonly (readonly number[])[];
  readonly samples: readonly (readonly number[])[];
  readonly frechet: number;
  readonly frechetError: number;
}
const { cases } = readReference<{ readonly cases: readonly Case[] }>('evaluation');
const featuresOf = (rows: readonly (readonly number[])[]): Features =>
  featureRows(Float32Array.from(rows.flat()), rows[0]!.length);

const normals = (n: number, width: number, step: number): Features => {
  const values = new Float32Array(n * width);
  keyedStream(5, 'test/features', step).fillNormal(values);
  return { values, n, width };
};
const mapped = (features: Features, f: (value: number, column: number) => number): Features => ({
  ...features,
  values: features.values.map((value, i) => f(value, i % features.width)),
});

describe('Fréchet distance', () => {
  it.each(cases.map((each, i) => [i, each] as const))("is scipy's, with its jackknife: set %i", (_, each) => {
    const measured = frechetDistance(featuresOf(each.reference), featuresOf(each.samples));
    expect(measured.value / each.frechet).toBeCloseTo(1, 9);
    expect(measured.se! / each.frechetError).toBeCloseTo(1, 7);
    expect(measured.n).toBe(each.samples.length);
  });

  it('is nothing between identical sets, and |shift|² between shifted ones', () => {
    const features = normals(200, 6, 1);
    const same = frechetDistance(features, features);
    expect([same.value, same.se]).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 6)]);
    const shifted = mapped(
      features,
      (value, column) => Math.fround(value) + (column === 2 ? 3 : column === 4 ? -4 : 0),
    );
    expect(frechetDistance(features, shifted).value).toBeCloseTo(25, 4);
  });

  it('is (s − 1)² tr C between a set and s times it about its mean', () => {
    const features = normals(500, 3, 2);
    const centre = [0, 1, 2].map((d) => features.values.reduce((sum, v, i) => sum + (i % 3 === d ? v / 500 : 0), 0));
    const scaled = mapped(features, (value, column) => centre[column]! + 3 * (value - centre[column]!));
    const trace = [0, 1, 2].reduce(
      (total, d) =>
        total + features.values.reduce((sum, v, i) => sum + (i % 3 === d ? (v - centre[d]!) ** 2 / 499 : 0), 0),
      0,
    );
    expect(frechetDistance(features, scaled).value).toBeCloseTo(4 * trace, 4);
  });

  it('takes singular covariances: features told twice double the distance', () => {
    const [a, b] = [normals(60, 3, 3), mapped(normals(50, 3, 4), (value, column) => 1.5 * value + column)];
    const twice = ({ values, n, width }: Features): Features =>
      featureRows(
        Float32Array.from({ length: 2 * values.length }, (_, i) => {
          const [row, column] = [Math.floor(i / (2 * width)), i % width];
          return values[row * width + column]!;
        }),
        (2 * values.length) / n,
      );
    expect(frechetDistance(twice(a), twice(b)).value).toBeCloseTo(2 * frechetDistance(a, b).value, 6);
  });

  it('has a standard error that is the spread over sets, about the value of the Gaussians', () => {
    // N(0, I) against N(1, 4 I) in 2 dimensions: 2 · (1 + 1) = 4.
    const runs = Array.from({ length: 100 }, (_, r) =>
      frechetDistance(
        normals(400, 2, 100 + 2 * r),
        mapped(normals(400, 2, 101 + 2 * r), (value) => 1 + 2 * value),
      ),
    );
    const mean = runs.reduce((sum, { value }) => sum + value / 100, 0);
    const spread = Math.sqrt(runs.reduce((sum, { value }) => sum + (value - mean) ** 2 / 99, 0));
    const se = runs.reduce((sum, run) => sum + run.se! / 100, 0);
    // The spread of 100 values has a relative standard error of 1/√198, the mean of jackknives less.
    expect(Math.abs(se / spread - 1)).toBeLessThan(4 / Math.sqrt(198));
    expect(Math.abs(mean - 4)).toBeLessThan((4 * spread) / 10 + 0.02);
  });

  it('refuses sets of other widths and few rows', () => {
    expect(() => frechetDistance(normals(10, 2, 1), normals(10, 3, 1))).toThrow(
      new ShapeError('frechetDistance: expected two sets of at least 4 rows of one width, got [10, 2] and [10, 3]'),
    );
    expect(() => frechetDistance(normals(10, 2, 1), normals(3, 2, 1))).toThrow(ShapeError);
    expect(() => featureRows(new Float32Array(7), 2)).toThrow(ShapeError);
  });
});
