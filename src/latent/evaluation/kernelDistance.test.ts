import { describe, expect, it } from 'vitest';
import { readReference } from '../../../test/support/reference.js';
import { keyedStream } from '../../engine/random/index.js';
import { nodeRuntime } from '../../engine/runtime/node.js';
import { type Features, featureRows, kernelDistance } from './index.js';

const runtime = nodeRuntime();
interface Case {
  readonly reference: readonly (readonly number[])[];
  readonly samples: readonly (readonly number[])[];
  readonly kernel: number;
  readonly kernelError: number;
}
const { cases } = readReference<{ readonly cases: readonly Case[] }>('evaluation');
const featuresOf = (rows: readonly (readonly number[])[]): Features =>
  featureRows(Float32Array.from(rows.flat()), rows[0]!.length);

const normals = (n: number, width: number, step: number, scale = 1): Features => {
  const values = new Float32Array(n * width);
  keyedStream(6, 'test/features', step).fillNormal(values);
  return { values: values.map((value) => scale * value), n, width };
};

describe('kernel distance', () => {
  it.each(cases.map((each, i) => [i, each] as const))("is numpy's, with its jackknife: set %i", async (_, each) => {
    const measured = await kernelDistance(featuresOf(each.reference), featuresOf(each.samples), runtime);
    // Features far from 0 leave a small difference of large means.
    const size = (each.reference[0]!.reduce((sum, v) => sum + v * v, 0) / each.reference[0]!.length + 1) ** 3;
    expect(Math.abs(measured.value - each.kernel)).toBeLessThan(1e-9 * (size + 1));
    expect(Math.abs(measured.se! - each.kernelError)).toBeLessThan(1e-9 * (size + 1));
  });

  it('has no bias: 0 on average where both sets are of one law, whatever their size', async () => {
    const values: number[] = [];
    for (let r = 0; r < 60; r++) {
      values.push((await kernelDistance(normals(12, 4, 2 * r), normals(8, 4, 2 * r + 1), runtime)).value);
    }
    const mean = values.reduce((sum, value) => sum + value / 60, 0);
    const se = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 59 / 60);
    expect(Math.abs(mean)).toBeLessThan(4 * se);
    expect(Math.min(...values)).toBeLessThan(0);
  });

  it('tells another scale by more than its standard error', async () => {
    const { value, se, interval } = await kernelDistance(normals(500, 8, 900), normals(400, 8, 901, 1.5), runtime);
    expect(value).toBeGreaterThan(4 * se!);
    expect(interval![0]).toBeGreaterThan(0);
  });
});
