import { describe, expect, it } from 'vitest';
import { readReference } from '../../../test/support/reference.js';
import { ShapeError } from '../../engine/errors/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { type Features, featureRows, manifoldMeasures } from './index.js';

const runtime = nodeRuntime();
type Values = Readonly<Record<'precision' | 'recall' | 'density' | 'coverage', number>>;
interface Case {
  readonly reference: readonly (readonly number[])[];
  readonly samples: readonly (readonly number[])[];
  readonly k5: Values;
  readonly k3: Values;
}
const { cases } = readReference<{ readonly cases: readonly Case[] }>('evaluation');
const featuresOf = (rows: readonly (readonly number[])[]): Features =>
  featureRows(Float32Array.from(rows.flat()), rows[0]!.length);
const normals = (n: number, width: number, step: number, shift = 0): Features => {
  const values = new Float32Array(n * width);
  keyedStream(7, 'test/features', step).fillNormal(values);
  return { values: values.map((value) => value + shift), n, width };
};
const valuesOf = async (reference: Features, samples: Features, k?: number): Promise<Values> => {
  const all = await manifoldMeasures(reference, samples, { runtime, ...(k && { k }) });
  return {
    precision: all.precision.value,
    recall: all.recall.value,
    density: all.density.value,
    coverage: all.coverage.value,
  };
};
const close = ({ precision, recall, density, coverage }: Values) => ({
  precision: expect.closeTo(precision, 12),
  recall: expect.closeTo(recall, 12),
  density: expect.closeTo(density, 12),
  coverage: expect.closeTo(coverage, 12),
});

describe('precision, recall, density and coverage', () => {
  it.each(cases.map((each, i) => [i, each] as const))(
    'are those of the published formulas: set %i',
    async (_, each) => {
      const [reference, samples] = [featuresOf(each.reference), featuresOf(each.samples)];
      expect(await valuesOf(reference, samples)).toEqual(close(each.k5));
      expect(await valuesOf(reference, samples, 3)).toEqual(close(each.k3));
    },
  );

  it('are the same over several blocks as row by row', async () => {
    const [reference, samples] = [normals(1010, 3, 1), normals(1003, 3, 2, 0.5)];
    const between = (a: Features, b: Features): Float64Array[] =>
      Array.from({ length: a.n }, (_, i) =>
        Float64Array.from({ length: b.n }, (_, j) => {
          let squares = 0;
          for (let d = 0; d < 3; d++) squares += (a.values[3 * i + d]! - b.values[3 * j + d]!) ** 2;
          return Math.sqrt(squares);
        }),
      );
    const radii = (a: Features): number[] => between(a, a).map((row) => row.sort()[5]!);
    const [wide, sampleWide, distances] = [radii(reference), radii(samples), between(reference, samples)];
    const holders = new Float64Array(samples.n);
    let [covered, recalled] = [0, 0];
    distances.forEach((row, i) => {
      row.forEach((distance, j) => {
        if (distance < wide[i]!) holders[j]! += 1;
      });
      if (row.some((distance) => distance < wide[i]!)) covered += 1;
      if (row.some((distance, j) => distance < sampleWide[j]!)) recalled += 1;
    });
    const found = await valuesOf(reference, samples);
    expect(found.precision).toBeCloseTo(holders.filter((balls) => balls > 0).length / samples.n, 12);
    expect(found.density).toBeCloseTo(holders.reduce((sum, balls) => sum + balls, 0) / 5 / samples.n, 3);
    expect(found.coverage).toBeCloseTo(covered / reference.n, 12);
    expect(found.recall).toBeCloseTo(recalled / reference.n, 12);
  });

  it('are 1 for the same set, 0 for a set elsewhere, and about 1 in density for one law', async () => {
    const features = normals(300, 4, 3);
    const same = await valuesOf(features, features);
    expect([same.precision, same.recall, same.coverage]).toEqual([1, 1, 1]);
    expect(await valuesOf(features, normals(200, 4, 4, 50))).toEqual({
      precision: 0,
      recall: 0,
      density: 0,
      coverage: 0,
    });
    const { density, coverage } = await manifoldMeasures(features, normals(300, 4, 5), { runtime });
    expect(Math.abs(density.value - 1)).toBeLessThan(0.2);
    expect(coverage.interval![0]).toBeLessThan(coverage.value);
  });

  it('counts nothing in balls without width', async () => {
    const constant = featureRows(new Float32Array(40).fill(1 / 3), 2);
    expect(await valuesOf(constant, constant)).toEqual({ precision: 0, recall: 0, density: 0, coverage: 0 });
  });

  it('takes more rows than neighbours', async () => {
    await expect(manifoldMeasures(normals(5, 2, 1), normals(9, 2, 2), { runtime })).rejects.toThrow(
      new ShapeError('manifoldMeasures: expected two sets of at least 6 rows of one width, got [5, 2] and [9, 2]'),
    );
  });
});
