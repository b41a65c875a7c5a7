import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/support/close.js';
import { onnxValues } from '../../../test/support/onnxValues.js';
import { readReference } from '../../../test/support/reference.js';
import { grad } from '../../engine/autodiff/index.js';
import { input, sum, type Tensor } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { simplify } from '../../engine/passes/index.js';
import { keyedStream } from '../../engine/random/index.js';
import { float32, type HostTensor } from '../../engine/runtime/index.js';
import { normal, standardNormalLogProb } from './index.js';

interface Row {
  readonly x: number[];
  readonly mu: number[];
  readonly sigma: number[];
  readonly logProb: number;
  readonly logProbGradient: { readonly x: number[]; readonly mu: number[]; readonly sigma: number[] };
  readonly klPerDimension: number[];
  readonly kl: number;
  readonly klGradient: { readonly mu: number[]; readonly sigma: number[] };
}
const { normal: rows } = readReference<{ normal: Row[] }>('distributions');

const [x, mu, sigma] = ['x', 'mu', 'sigma'].map((name) => input(name, [1, 5])) as [Tensor, Tensor, Tensor];
const q = normal(mu, sigma);
const logProb = q.logProb(x);
const kl = q.klStandardNormal();
const values = [logProb, ...grad(sum(logProb), [x, mu, sigma]), kl, ...grad(sum(kl), [mu, sigma])];
const expectedOf = ({ logProb, logProbGradient: p, kl, klGradient: k }: Row): number[][] => [
  [logProb],
  p.x,
  p.mu,
  p.sigma,
  [kl],
  k.mu,
  k.sigma,
];
const hostFeeds = (feeds: Readonly<Record<string, ArrayLike<number>>>): Record<string, HostTensor> =>
  Object.fromEntries(Object.entries(feeds).map(([name, v]) => [name, float32(Float32Array.from(v), [1, v.length])]));

describe('normal against torch.distributions', () => {
  it.each(rows.map((row, i) => [i, row] as const))('row %i: density, KL and their gradients', (_, row) => {
    const expected = expectedOf(row);
    evaluate(values, { x: row.x, mu: row.mu, sigma: row.sigma }).forEach((value, i) => {
      expectClose(value, expected[i]!, { relative: 1e-10, absolute: 1e-13 }, `value ${i}`);
    });
  });

  it.each(rows.map((row, i) => [i, row] as const))('row %i: KL in float32', async (_, row) => {
    const outputs = { kl, dmu: values[5]!, dsigma: values[6]! };
    const actual = await onnxValues(outputs, hostFeeds({ mu: row.mu, sigma: row.sigma }));
    expectClose(actual.kl!, [row.kl], { relative: 1e-6, absolute: 1e-5 });
    expectClose(actual.dmu!, row.klGradient.mu, { relative: 1e-6 });
    expectClose(actual.dsigma!, row.klGradient.sigma, { relative: 1e-6, absolute: 1e-6 });
  });
});

describe('a draw', () => {
  it('carries the log-density that logProb gives it', () => {
    const noise = input('noise', [1, 5]);
    const sample = q.rsample(noise);
    for (const row of rows.slice(3)) {
      const feeds = { mu: row.mu, sigma: row.sigma, noise: [-2.5, -0.3, 0, 0.7, 4] };
      const [own, again, z] = evaluate([sample.logProb, q.logProb(sample.z), sample.z], feeds);
      expectClose(own!, again!, { relative: 1e-12, absolute: 1e-11 });
      expectClose(
        z!,
        row.mu.map((m, d) => m + row.sigma[d]! * feeds.noise[d]!),
        { relative: 1e-15 },
      );
    }
  });

  it('keeps its digits in float32 where sigma is far below mu', async () => {
    const noise = input('noise', [1, 5]);
    const feeds = { mu: [1000, 30, 3, 1, -50], sigma: [1e-5, 1e-6, 1e-7, 1e-8, 1e-4], noise: [-2, -0.3, 1, 0.7, 4] };
    const { logProb: density } = q.rsample(noise);
    const actual = await onnxValues({ density }, hostFeeds({ sigma: feeds.sigma, noise: feeds.noise }));
    expectClose(actual.density!, evaluate([density], feeds)[0]!, { relative: 1e-6 });
  });
});

describe('a very small sigma', () => {
  it.each([1e-30, 1e-20, 1e-10])(
    'of %f leaves KL, density of a draw and gradients finite in float32',
    async (small) => {
      const noise = input('noise', [1, 5]);
      const sample = q.rsample(noise);
      const mc = sum(sample.logProb);
      const outputs = { kl, density: sample.logProb, z: sample.z };
      const gradients = [...grad(sum(kl), [mu, sigma]), ...grad(mc, [sigma])];
      const all = { ...outputs, dmu: gradients[0]!, dsigma: gradients[1]!, dmc: gradients[2]! };
      const simplified = simplify(Object.values(all));
      const names = Object.keys(all);
      const actual = await onnxValues(
        Object.fromEntries(names.map((name, i) => [name, simplified[i]!])),
        hostFeeds({ mu: [0, 1, -1, 5, 0.1], sigma: new Array<number>(5).fill(small), noise: [0, 1, -1, 4, -4] }),
      );
      for (const name of names) expect(actual[name]!.every(Number.isFinite), name).toBe(true);
      const exact = 0.5 * (1 + 1 + 25 + 0.01) + 5 * (0.5 * (small ** 2 - 1) - Math.log(small));
      expectClose(actual.kl!, [exact], { relative: 1e-6 });
    },
  );
});

describe('the two terms of the KL', () => {
  const m = input('m', [1, 1]);
  const s = input('s', [1, 1]);
  const klAt = (mean: number, deviation: number): number =>
    evaluate([normal(m, s).klStandardNormal()], { m: [mean], s: [deviation] })[0]![0]!;

  it('F(mu) = ½ mu² is zero at 0 and nowhere else', () => {
    expect(klAt(0, 1)).toBe(0);
    for (const mean of [1e-6, 1e-3, 0.1, 1, 30]) {
      for (const value of [mean, -mean]) expectClose([klAt(value, 1)], [0.5 * mean ** 2], { relative: 1e-4 });
    }
  });

  it('G(sigma) = ½ (sigma² − 1) − ln sigma is zero at 1 and nowhere else, least there', () => {
    for (const step of [1e-5, 1e-3, 0.1, 0.5, 0.999]) {
      expect(klAt(0, 1 - step)).toBeGreaterThan(0);
      expect(klAt(0, 1 + step)).toBeGreaterThan(0);
    }
    for (const deviation of [1e-30, 1e-3, 2, 100]) expect(klAt(0, deviation)).toBeGreaterThan(0.3);
  });

  it('takes sigma as a standard deviation: its integral agrees, and the variance reading is 2 to 3 times too small', () => {
    for (const deviation of [0.02, 0.1, 0.3]) {
      const n = 4000;
      const width = (20 * deviation) / n;
      let integral = 0;
      for (let i = 0; i < n; i++) {
        const z = -10 * deviation + (i + 0.5) * width;
        const logQ = -0.5 * (z / deviation) ** 2 - Math.log(deviation);
        integral += (width * Math.exp(logQ) * (logQ + 0.5 * z ** 2)) / Math.sqrt(2 * Math.PI);
      }
      const mistaken = 0.5 * (deviation - 1 - Math.log(deviation));
      expect(klAt(0, deviation)).toBeCloseTo(integral, 8);
      expect(klAt(0, deviation) / mistaken).toBeGreaterThan(2);
      expect(klAt(0, deviation) / mistaken).toBeLessThan(3);
    }
  });
});

describe('standardNormalLogProb', () => {
  it('is the density of normal(0, 1)', () => {
    const draws = new Float32Array(5);
    keyedStream(1, 'test', 0).fillNormal(draws);
    const [own, general] = evaluate([standardNormalLogProb(x), logProb], {
      x: draws,
      mu: [0, 0, 0, 0, 0],
      sigma: [1, 1, 1, 1, 1],
    });
    expectClose(own!, general!, { relative: 1e-14 });
  });
});
