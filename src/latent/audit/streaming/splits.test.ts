import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { normals } from '../../../../test/support/latentCodes.js';
import { nodeRuntime } from '../../../engine/runtime/node.js';
import {
  type CodesBlock,
  joinSummaries,
  rowCount,
  type StreamSummary,
  type SummarySettings,
  summarizer,
} from './index.js';
import type { MomentSums } from './momentSums.js';
import { bucketsOf } from './quantileSketch.js';

const runtime = nodeRuntime({ threads: 1 });

interface Case {
  readonly settings: SummarySettings;
  readonly codes: CodesBlock;
  readonly n: number;
}

/** Codes that are off centre and of unlike widths: where sums without compensation lose their digits. */
const caseOf = (n: number, latents: number, posteriors: boolean, seed: number): Case => {
  const settings: SummarySettings = { seed, latents, posteriors, part: 'train' };
  const spread = normals(n * latents, 'centres', seed).map(
    (v, i) => 30 * (i % latents) + v * 10 ** (-(i % latents) / 3),
  );
  const sigma = normals(n * latents, 'scales', seed).map((v) => Math.exp(0.5 * v));
  return { settings, n, codes: posteriors ? { mu: spread, sigma } : { z: spread } };
};

const rowsOf = (block: CodesBlock, from: number, to: number, latents: number): CodesBlock =>
  Object.fromEntries(
    Object.entries(block).map(([name, values]: [string, Float32Array]) => [
      name,
      values.slice(from * latents, to * latents),
    ]),
  ) as CodesBlock;

/** One pass over rows, in blocks of `atOnce`. */
const pass = async ({ settings, codes }: Case, from: number, to: number, atOnce: number): Promise<StreamSummary> => {
  const into = await summarizer(settings, runtime);
  for (let row = from; row < to; row += atOnce) {
    await into.add(rowsOf(codes, row, Math.min(to, row + atOnce), settings.latents), row);
  }
  await into.release();
  return into.finish();
};

const expectSameMoments = (actual: MomentSums, expected: MomentSums): void => {
  expect(actual.n).toBe(expected.n);
  const { n } = expected;
  // Relative to the width of each dimension: σ, σ², σ³, σ⁴.
  for (let d = 0; d < expected.mean.length; d++) {
    const width = Math.sqrt(expected.second[d]! / n);
    const tolerance = (power: number) => ({ absolute: 1e-10 * n * width ** power });
    expectClose([actual.mean[d]!], [expected.mean[d]!], { absolute: 1e-10 * width }, 'mean');
    expectClose([actual.second[d]!], [expected.second[d]!], tolerance(2), 'second');
    expectClose([actual.third[d]!], [expected.third[d]!], tolerance(3), 'third');
    expectClose([actual.fourth[d]!], [expected.fourth[d]!], tolerance(4), 'fourth');
  }
};

const expectSame = (actual: StreamSummary, expected: StreamSummary): void => {
  expect(actual.rows).toEqual(expected.rows);
  expect(actual.centres).toEqual(expected.centres);
  expect(actual.scales).toEqual(expected.scales);
  const sampleOf = ({ sample: { size, width, keys, places, values } }: StreamSummary) => [
    keys.slice(0, size),
    places.slice(0, size),
    values.slice(0, size * width),
  ];
  expect(sampleOf(actual)).toEqual(sampleOf(expected));

  const [a, e] = [actual.sums!, expected.sums!];
  for (let d = 0; d < actual.settings.latents; d++) {
    expect(bucketsOf(a.quantiles, d)).toEqual(bucketsOf(e.quantiles, d));
  }
  expect(bucketsOf(a.radii, 0)).toEqual(bucketsOf(e.radii, 0));
  expectSameMoments(a.draws, e.draws);
  const { n, products } = e.coMoments;
  const latents = e.coMoments.mean.length;
  products.forEach((value, at) => {
    const widths = Math.sqrt(
      products[Math.floor(at / latents) * (latents + 1)]! * products[(at % latents) * (latents + 1)]!,
    );
    expectClose([a.coMoments.products[at]!], [value], { absolute: 1e-10 * widths }, 'products');
  });
  expectClose(a.fourier.cos, e.fourier.cos, { absolute: 1e-9 * n }, 'cos');
  expectClose(a.fourier.sin, e.fourier.sin, { absolute: 1e-9 * n }, 'sin');
  expect(a.posteriors === undefined).toBe(e.posteriors === undefined);
  if (!a.posteriors || !e.posteriors) return;
  expectSameMoments(a.posteriors.means, e.posteriors.means);
  const rate = { relative: 1e-10 };
  expectClose(
    [a.posteriors.rate.mean, a.posteriors.rate.second],
    [e.posteriors.rate.mean, e.posteriors.rate.second],
    rate,
  );
  expectClose(a.posteriors.rate.dimensions, e.posteriors.rate.dimensions, rate, 'rates');
  expectClose(a.posteriors.rate.variances, e.posteriors.rate.variances, rate, 'variances');
};

/** Cuts of 0 … n, ascending, and an order of the parts between them. */
const splits = (n: number) =>
  fc.array(fc.integer({ min: 0, max: n }), { maxLength: 5 }).chain((inner) => {
    const cuts = [0, ...inner.sort((a, b) => a - b), n];
    const parts = cuts.slice(1).map((to, i) => [cuts[i]!, to] as const);
    return fc.shuffledSubarray(parts, { minLength: parts.length });
  });

describe('any split of the rows, joined in any order, is one pass', () => {
  it.each([false, true])('with posteriors: %s', { timeout: 240_000 }, async (posteriors) => {
    const given = fc
      .record({ n: fc.integer({ min: 1, max: 900 }), latents: fc.integer({ min: 1, max: 7 }), seed: fc.nat(1000) })
      .chain((shape) =>
        fc.record({ shape: fc.constant(shape), parts: splits(shape.n), atOnce: fc.integer({ min: 1, max: 500 }) }),
      );
    await fc.assert(
      fc.asyncProperty(given, async ({ shape: { n, latents, seed }, parts, atOnce }) => {
        const each = caseOf(n, latents, posteriors, seed);
        const summaries: StreamSummary[] = [];
        for (const [from, to] of parts) summaries.push(await pass(each, from, to, atOnce));
        const whole = joinSummaries(each.settings, summaries);
        expect(rowCount(whole)).toBe(n);
        expectSame(whole, await pass(each, 0, n, n));
      }),
      { numRuns: 12, seed: 1 },
    );
  });

  it('where the sample leaves rows out', async () => {
    const each: Case = {
      ...caseOf(25_000, 1, false, 3),
      settings: { seed: 3, latents: 1, posteriors: false, part: 'test' },
    };
    const summaries: StreamSummary[] = [];
    for (const [from, to] of [
      [20_001, 25_000],
      [0, 7],
      [7, 20_001],
    ] as const) {
      summaries.push(await pass(each, from, to, 4096));
    }
    const whole = joinSummaries(each.settings, summaries);
    const once = await pass(each, 0, 25_000, 10_000);
    expect(once.sample.size).toBe(10_000);
    expect(whole.sample.places.slice(0, 10_000)).toEqual(once.sample.places.slice(0, 10_000));
    expect(whole.sample.values.slice(0, 10_000)).toEqual(once.sample.values.slice(0, 10_000));
  });
});

describe('summarizer', () => {
  const settings: SummarySettings = { seed: 1, latents: 2, posteriors: false, part: 'train' };

  it('refuses a row that it has', async () => {
    const into = await summarizer(settings, runtime);
    await into.add({ z: new Float32Array(8) }, 4);
    await expect(into.add({ z: new Float32Array(4) }, 3)).rejects.toThrow(
      'summary: expected each row once, got row 4 twice',
    );
    await into.release();
  });

  it('refuses parts of rows, and codes of another kind', async () => {
    const into = await summarizer(settings, runtime);
    await expect(into.add({ z: new Float32Array(3) }, 0)).rejects.toThrow(
      'summary: expected rows of 2 values, got 3 values',
    );
    const posterior = { mu: new Float32Array(4), sigma: new Float32Array(4) };
    await expect(into.add(posterior, 0)).rejects.toThrow('summary: expected z, got the other');
    await into.release();
  });

  it('finds the first wrong value by its row, whatever the order of the parts', async () => {
    const both = { seed: 1, latents: 2, posteriors: true, part: 'train' } as const;
    const part = async (from: number, wrong: number): Promise<StreamSummary> => {
      const into = await summarizer(both, runtime);
      const sigma = new Float32Array(8).fill(1);
      sigma[wrong] = 0;
      await into.add({ mu: new Float32Array(8), sigma }, from);
      await into.release();
      return into.finish();
    };
    const whole = joinSummaries(both, [await part(4, 3), await part(0, 6)]);
    expect(whole.scales).toMatchObject({ n: 8, wrong: 2, first: { row: 3, column: 0, value: 0 } });
  });
});
