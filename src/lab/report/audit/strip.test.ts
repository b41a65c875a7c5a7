import { expect, test } from 'vitest';
import type { NoiseFloor } from '../../../latent/audit/index.js';
import { noiseFloorStrip } from './strip.js';

const floor: NoiseFloor = { replicates: 200, mean: 10, sd: 1, quantiles: [8, 9.3, 10, 10.7, 11.6, 12, 12.4] };
const strip = (value: number, of = floor): string => noiseFloorStrip('MMD²', { value, n: 10, unit: 'none' }, of).text;
const markAt = (svg: string): number => Number(/<path d="M([\d.]+),[\d.]+l6,8/.exec(svg)![1]);

test('ours stands where it lies, and at the edge behind a break where it is far off', () => {
  const median = Number(/x1="([\d.]+)" y1="7"/.exec(strip(10))![1]);
  expect(markAt(strip(10))).toBeCloseTo(median, 1);
  expect(strip(14)).not.toContain('l4,-12');
  expect(markAt(strip(1000))).toBe(252);
  expect(markAt(strip(-1000))).toBe(8);
  for (const far of [1000, -1000]) expect(strip(far)).toContain('l4,-12');
});

test('a floor without width draws', () => {
  const point = { replicates: 200, mean: 0, sd: 0, quantiles: [0, 0, 0, 0, 0, 0, 0] };
  for (const value of [0, 1, -1]) expect(strip(value, point)).not.toContain('NaN');
});
