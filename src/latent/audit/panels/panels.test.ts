import { describe, expect, it } from 'vitest';
import { keyedStream } from '../../../engine/random/index.js';
import type { Draws, Posteriors } from '../codes.js';
import { momentsOf } from '../moments.js';
import { drawsOf, priorDraws } from '../split.js';
import { kolmogorovSmirnovByDimension } from '../twoSample/index.js';
import { fineEdges, innerRange } from './edges.js';
import {
  classPanels,
  correlationOf,
  dimensionPanels,
  holeMap,
  qqProbabilities,
  radiusHistogram,
  ratioHistograms,
} from './index.js';

const [n, latents] = [400, 3];
const normals = (length: number, key = 'panels'): Float32Array => {
  const out = new Float32Array(length);
  keyedStream(1, key, 0).fillNormal(out);
  return out;
};
/** Dimension 0 wide, dimension 1 like the prior, dimension 2 collapsed. */
const codes: Posteriors = {
  mu: normals(n * latents).map((value, i) => value * [2, 0.8, 0][i % latents]!),
  sigma: new Float32Array(n * latents).map((_, i) => [0.1, 0.6, 1][i % latents]!),
  n,
  latents,
};
const draws = drawsOf(codes, 1, 'train');
const moments = momentsOf(codes);
const total = ({ counts, below, above }: { counts: readonly number[]; below: number; above: number }): number =>
  counts.reduce((sum, count) => sum + count, below + above);

describe('dimension panels', () => {
  const tests = kolmogorovSmirnovByDimension(draws);
  const panels = dimensionPanels({ codes, draws, moments, tests });

  it('come by rate, the largest first', () => {
    expect(panels.map(({ dimension }) => dimension)).toEqual([0, 1, 2]);
    expect(panels[0]!.rate).toBeGreaterThan(panels[1]!.rate!);
    expect(panels[2]!.rate).toBeCloseTo(0, 12);
    expect(panels[2]!.muVariance).toBe(0);
  });

  it('come by Kolmogorov–Smirnov distance without posteriors', () => {
    const alone = dimensionPanels({ codes: draws, draws, moments: momentsOf(draws), tests });
    expect(alone[0]!.dimension).toBe(0);
    expect(alone[0]).not.toHaveProperty('rate');
    expect(alone[0]).not.toHaveProperty('muVariance');
  });

  it('have every draw in a histogram, and quantiles that rise', () => {
    for (const { histogram, qq, variance } of panels) {
      expect(total(histogram)).toBe(n);
      expect(qq).toHaveLength(qqProbabilities.length);
      expect(qq).toEqual([...qq].sort((a, b) => a - b));
      expect(variance).toBeGreaterThan(0.8);
    }
    expect(qqProbabilities[12]).toBeCloseTo(0.5, 12);
  });

  it('are 64 at most', () => {
    const many: Draws = { z: normals(50 * 70), n: 50, latents: 70 };
    const input = { codes: many, draws: many, moments: momentsOf(many), tests: kolmogorovSmirnovByDimension(many) };
    expect(dimensionPanels(input)).toHaveLength(64);
  });
});

it('correlation is 1 with itself, and none with a dimension without width', () => {
  const flat: Draws = { z: Float32Array.from({ length: 300 }, (_, i) => [i, -i, 4][i % 3]!), n: 100, latents: 3 };
  const correlation = correlationOf(momentsOf(flat), [0, 1, 2]);
  expect(correlation[0]![0]).toBe(1);
  expect(correlation[0]![1]).toBeCloseTo(-1, 4);
  expect(correlation[2]).toEqual([0, 0, 1]);
});

describe('histograms', () => {
  it('of radii hold every draw inside', () => {
    const { counts, below, above } = radiusHistogram(draws);
    expect([counts.reduce((sum, count) => sum + count, 0), below, above]).toEqual([n, 0, 0]);
  });

  it('of r(z) share their bins, with the threshold on them', () => {
    const { codes: ours, prior } = ratioHistograms(Float64Array.from([1, 2, 3]), Float64Array.from([-50, 0, 2]), 0.5);
    expect(ours.edges).toBe(prior.edges);
    expect([total(ours), total(prior)]).toEqual([3, 3]);
  });

  it('have edges for the narrowest of ranges', () => {
    expect(fineEdges(0, 0.001).length).toBeGreaterThan(20);
    expect(fineEdges(2, 2)).toContain(2);
    expect(innerRange([3, 1, 2], 0)).toEqual([1, 3]);
  });
});

describe('class panels', () => {
  it('have the moments of each class', () => {
    const labels = Array.from({ length: n }, (_, i) => (codes.mu[i * latents]! > 0 ? 7 : -1));
    const { panels, notes } = classPanels(codes, labels);
    expect(notes).toEqual([]);
    expect(panels.map(({ label }) => label)).toEqual([-1, 7]);
    expect(panels[0]!.n + panels[1]!.n).toBe(n);
    expect(panels[0]!.mean[0]).toBeLessThan(-1);
    expect(panels[0]!.momentKl.value).toBeGreaterThan(0);
  });

  it('leave out what spans no volume, and more classes than one can look at', () => {
    const labels = Array.from({ length: n }, (_, i) => (i < 2 ? 5 : 6));
    const left = classPanels(draws, labels);
    expect(left.panels.map(({ label }) => label)).toEqual([6]);
    expect(left.notes).toEqual(['No panel of class 5: the covariance of its codes is singular.']);
    const all = classPanels(
      draws,
      Array.from({ length: n }, (_, i) => i),
    );
    expect(all.panels).toEqual([]);
    expect(all.notes[0]).toContain('there are 400');
  });
});

describe('the hole map', () => {
  const mapOf = (of: Posteriors | Draws) => {
    const own = drawsOf(of, 1, 'train');
    const prior = priorDraws(1000, of.latents, 1);
    return holeMap({ codes: of, draws: own, moments: momentsOf(of), prior, inHole: (row) => row % 2 === 0, seed: 1 });
  };
  const integral = ({ ticks, logRatio }: ReturnType<typeof holeMap>, centre = [0, 0]): number => {
    const step = ticks[1]! - ticks[0]!;
    let sum = 0;
    logRatio.forEach((ratio, at) => {
      const [x, y] = [ticks[at % ticks.length]! - centre[0]!, ticks[Math.floor(at / ticks.length)]! - centre[1]!];
      sum += (Math.exp(ratio - 0.5 * (x * x + y * y)) / (2 * Math.PI)) * step * step;
    });
    return sum;
  };

  it('is the ratio of two densities that integrate to one', () => {
    for (const of of [codes, draws]) {
      const map = mapOf(of);
      const origin = map.axes.map((axis) => -axis.reduce((sum, value, d) => sum + value * map.centre[d]!, 0));
      expect(map.logRatio).toHaveLength(map.ticks.length ** 2);
      expect(Math.abs(integral(map, origin) - 1)).toBeLessThan(0.03);
    }
  });

  it('is 0 everywhere for posteriors that are all N(0, I), but for the smoothing of the grid', () => {
    const map = mapOf({ mu: new Float32Array(100), sigma: new Float32Array(100).fill(1), n: 50, latents: 2 });
    const middle = Math.floor(map.logRatio.length / 2);
    expect(Math.abs(map.logRatio[middle]!)).toBeLessThan(0.02);
  });

  it('has its first axis along the widest dimension, codes and marked prior draws', () => {
    const map = mapOf(codes);
    expect(Math.abs(map.axes[0]![0]!)).toBeGreaterThan(0.99);
    expect([map.codes.length, map.prior.length]).toEqual([400, 500]);
    expect(map.prior.slice(0, 3).map((point) => point[2])).toEqual([1, 0, 1]);
  });

  it('of one latent changes along its one axis alone', () => {
    const one: Draws = { z: normals(200), n: 200, latents: 1 };
    const { axes, ticks, logRatio } = mapOf(one);
    expect(axes).toEqual([[1], [0]]);
    expect(logRatio.slice(0, ticks.length)).toEqual(logRatio.slice(-ticks.length));
    expect(Math.abs(logRatio[Math.floor(ticks.length / 2)]!)).toBeLessThan(0.3);
  });
});
