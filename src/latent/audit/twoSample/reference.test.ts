import { describe, it } from 'vitest';
import { expectClose } from '../../../../test/support/close.js';
import { readReference } from '../../../../test/support/reference.js';
import { aucOf } from './auc.js';
import { energyKernel } from './energyDistance.js';
import { pairedStatistic } from './exchange.js';
import { kolmogorovPValue } from './kolmogorov.js';
import { kolmogorovSmirnovByDimension } from './kolmogorovSmirnov.js';
import { kurtosisOf } from './mardiaKurtosis.js';
import { skewnessOf } from './mardiaSkewness.js';
import { medianSquaredDistance, mmdKernel } from './mmd.js';
import { radius } from './radius.js';
import { normalCellMeans, squaredWassersteinToNormal } from './slicedWasserstein.js';
import {
  chiSquaredCdf,
  chiSquaredQuantile,
  gammaSurvival,
  logGamma,
  normalCdf,
  normalQuantile,
} from './specialFunctions.js';
import { wilsonInterval } from './wilson.js';

interface Reference {
  readonly laws: {
    readonly normalCdf: { readonly x: number[]; readonly value: number[] };
    readonly normalQuantile: { readonly p: number[]; readonly value: number[] };
    readonly logGamma: [number, number][];
    readonly gammaSurvival: [number, number, number][];
    readonly chiSquaredQuantile: [number, number, number][];
    readonly kolmogorov: [number, number, number][];
    readonly wilson: [number, number, number, number][];
  };
  readonly z: number[][];
  readonly prior: number[][];
  readonly kolmogorov: [number, number][];
  readonly radius: [number, number];
  readonly mardia: { readonly skewness: number; readonly kurtosis: number };
  readonly mmd: { readonly medianSquared: number; readonly value: number };
  readonly energy: number;
  readonly squaredWasserstein: number[];
  readonly auc: Record<'positive' | 'negative', number[]> & Record<'value' | 'se' | 'pValue', number>;
}

const reference = readReference<Reference>('twoSample');
const { laws } = reference;
const draws = (rows: number[][]) => ({ z: Float32Array.from(rows.flat()), n: rows.length, latents: rows[0]!.length });
const z = draws(reference.z);
const prior = draws(reference.prior);

describe('laws, as scipy has them', () => {
  it('Φ and its inverse', () => {
    const { x, value } = laws.normalCdf;
    expectClose(x.map(normalCdf), value, { relative: 1e-7 });
    expectClose(x.map(normalCdf), value, { absolute: 1e-15 });
    expectClose(x.slice(4).map(normalCdf), value.slice(4), { relative: 1e-13 });
    expectClose(laws.normalQuantile.p.map(normalQuantile), laws.normalQuantile.value, { absolute: 1e-9 });
  });

  it('ln Γ and the incomplete gamma function', () => {
    expectClose(
      laws.logGamma.map(([a]) => logGamma(a)),
      laws.logGamma.map((row) => row[1]),
      {
        relative: 1e-13,
        absolute: 1e-13,
      },
    );
    for (const [a, x, value] of laws.gammaSurvival) {
      expectClose([gammaSurvival(a, x)], [value], { relative: 1e-9, absolute: 1e-15 }, `Q(${a}, ${x})`);
      expectClose([chiSquaredCdf(2 * x, 2 * a)], [1 - value], { relative: 1e-9, absolute: 1e-12 }, `P(${a}, ${x})`);
    }
    for (const [p, k, value] of laws.chiSquaredQuantile)
      expectClose([chiSquaredQuantile(p, k)], [value], { relative: 1e-11 });
  });

  it('Kolmogorov for a finite sample, within the stated error', () => {
    for (const [n, d, value] of laws.kolmogorov) {
      expectClose([kolmogorovPValue(d, n)], [value], { absolute: n < 50 ? 2e-3 : 3e-4 }, `n = ${n}, d = ${d}`);
    }
  });

  it("Wilson's interval", () => {
    for (const [k, n, low, high] of laws.wilson) expectClose(wilsonInterval(k, n), [low, high], { absolute: 1e-12 });
  });
});

describe('statistics of 40 codes, as scipy, scikit-learn and numpy have them', () => {
  it('Kolmogorov–Smirnov in each dimension, and of the radius', () => {
    const tests = kolmogorovSmirnovByDimension(z);
    expectClose(
      tests.map((t) => t.value),
      reference.kolmogorov.map((row) => row[0]),
      { absolute: 1e-12 },
    );
    expectClose(
      tests.map((t) => t.pValue),
      reference.kolmogorov.map((row) => row[1]),
      { absolute: 5e-4 },
    );
    const ofRadius = radius(z, { seed: 1 });
    expectClose([ofRadius.value], [reference.radius[0]], { absolute: 1e-6 });
    expectClose([ofRadius.pValue!], [reference.radius[1]], { absolute: 5e-4 });
  });

  it("Mardia's skewness and kurtosis", () => {
    const { value, y } = skewnessOf(z);
    expectClose([value, kurtosisOf(y, 3).value], [reference.mardia.skewness, reference.mardia.kurtosis], {
      relative: 1e-12,
    });
  });

  it('MMD² and energy distance', () => {
    expectClose([medianSquaredDistance(z, prior)], [reference.mmd.medianSquared], { relative: 1e-12 });
    expectClose([pairedStatistic(z, prior, mmdKernel(z, prior).kernel).value], [reference.mmd.value], {
      absolute: 1e-13,
    });
    expectClose([pairedStatistic(z, prior, energyKernel(z, prior).kernel).value], [reference.energy], {
      absolute: 1e-12,
    });
  });

  it('W₂² to N(0, 1), by quadrature', () => {
    const means = normalCellMeans(z.n);
    const values = reference.z[0]!.map((_, d) =>
      squaredWassersteinToNormal(Float64Array.from(reference.z, (row) => row[d]!).sort(), means),
    );
    expectClose(values, reference.squaredWasserstein, { absolute: 1e-8 });
  });

  it('AUC with ties, its standard error and its p-value', () => {
    const { positive, negative, value, se, pValue } = reference.auc;
    const auc = aucOf(Float64Array.from(positive), Float64Array.from(negative));
    expectClose([auc.value, auc.se], [value, se], { relative: 1e-12 });
    expectClose([1 - normalCdf((auc.value - 0.5) / auc.nullSd)], [pValue], { relative: 1e-9 });
  });
});
