/** Made-up audits with plausible numbers: no model behind them, a small seeded sample behind their figures. */
import { keyedStream } from '../../src/engine/random/index.js';
import { imageGrid } from '../../src/lab/report/grid.js';
import type {
  AuditPanels,
  AuditResult,
  AuditVerdict,
  DimensionPanel,
  HoleMap,
  Measured,
  NoiseFloor,
  Statistic,
  Statistics,
} from '../../src/latent/audit/result.js';
import { evenEdges, histogram } from '../../src/latent/codes/index.js';

export type AuditCase = 'mismatched' | 'matched' | 'collapsed' | 'drawsOnly' | 'oneLatent' | 'manyLatents';

interface Case {
  readonly verdict: AuditVerdict;
  readonly latents: number;
  readonly posteriors: boolean;
  /** How far the codes of ten classes lie apart, 0 for none; the rest of a dimension's variance is noise. */
  readonly apart: number;
  /** Dimensions that the encoder uses. */
  readonly used: number;
  readonly rate: number;
  readonly information: number;
  readonly marginalKl: number;
  readonly correlation: number;
  readonly holeMass: number;
  readonly accuracy: number;
  readonly bracket?: readonly [number, number];
  readonly labels?: boolean;
}

const cases: Readonly<Record<AuditCase, Case>> = {
  mismatched: {
    verdict: 'mismatched',
    latents: 16,
    posteriors: true,
    apart: 1.1,
    used: 12,
    rate: 24.5,
    information: 18.5,
    marginalKl: 6,
    correlation: 3.4,
    holeMass: 0.158,
    accuracy: 0.842,
    bracket: [4.1, 6],
    labels: true,
  },
  matched: {
    verdict: 'matched',
    latents: 8,
    posteriors: true,
    apart: 0,
    used: 8,
    rate: 4.21,
    information: 4.195,
    marginalKl: 0.015,
    correlation: 0.009,
    holeMass: 0.0112,
    accuracy: 0.503,
  },
  collapsed: {
    verdict: 'collapsed',
    latents: 16,
    posteriors: true,
    apart: 0,
    used: 0,
    rate: 0.0021,
    information: 0.0019,
    marginalKl: 0.0002,
    correlation: 0.0001,
    holeMass: 0.0098,
    accuracy: 0.498,
  },
  drawsOnly: {
    verdict: 'mismatched',
    latents: 4,
    posteriors: false,
    apart: 1.3,
    used: 4,
    rate: 0,
    information: 0,
    marginalKl: 0.82,
    correlation: 0,
    holeMass: 0.071,
    accuracy: 0.664,
  },
  oneLatent: {
    verdict: 'mismatched',
    latents: 1,
    posteriors: true,
    apart: 1.6,
    used: 1,
    rate: 3.1,
    information: 2.62,
    marginalKl: 0.48,
    correlation: 0,
    holeMass: 0.094,
    accuracy: 0.61,
  },
  manyLatents: {
    verdict: 'mismatched',
    latents: 128,
    posteriors: true,
    apart: 0.9,
    used: 31,
    rate: 42.7,
    information: 30.1,
    marginalKl: 12.6,
    correlation: 9.8,
    holeMass: 0.374,
    accuracy: 0.937,
    bracket: [5.2, 12.6],
    labels: true,
  },
};

const N = 2000;
const CLASSES = 10;
const seed = 1;
const round = (value: number): number => Number(value.toPrecision(5));
const quantile = (sorted: ArrayLike<number>, p: number): number => sorted[Math.floor(p * (sorted.length - 1))]!;
const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

/** Codes of ten classes on a ring of the first two dimensions; in the others two humps, further apart the earlier. */
const sampleOf = ({ latents, apart, used }: Case): { readonly columns: Float32Array[]; readonly labels: number[] } => {
  const labels = Array.from({ length: N }, (_, i) => i % CLASSES);
  const columns = Array.from({ length: latents }, (_, d) => {
    const noise = new Float32Array(N);
    keyedStream(seed, `fixture/${d}`, 0).fillNormal(noise);
    if (apart === 0 || d >= used) return noise;
    const reach = d < 2 ? apart : apart * 0.75 ** (d / 2);
    const within = Math.sqrt(Math.max(0.12, 1.05 - 0.9 * reach * reach));
    return noise.map((value, i) => {
      const angle = (2 * Math.PI * labels[i]!) / CLASSES;
      const centre = d === 0 ? Math.cos(angle) : d === 1 ? Math.sin(angle) : labels[i]! % (d + 2) > d / 2 ? 0.8 : -0.8;
      return 1.15 * reach * centre + within * value;
    });
  });
  return { columns, labels };
};

const NORMAL_TICKS = Array.from({ length: 25 }, (_, i) => -3 + i / 4);
/** Φ by the logistic approximation of Bowling et al. 2009, within 0.00014. */
const cdf = (x: number): number => 1 / (1 + Math.exp(-(0.07056 * x ** 3 + 1.5976 * x)));

const ksOf = (sorted: Float32Array): number =>
  sorted.reduce((most, x, i) => Math.max(most, Math.abs(cdf(x) - (i + 0.5) / sorted.length)), 0);

const dimensionOf = (column: Float32Array, dimension: number, shape: Case): DimensionPanel => {
  const sorted = column.slice().sort();
  const mean = meanOf(column);
  const variance = meanOf(column.map((x) => (x - mean) ** 2));
  const ks = ksOf(sorted);
  const active = dimension < shape.used;
  const moment = 0.5 * (variance + mean * mean - 1 - Math.log(variance));
  const bound = shape.posteriors
    ? {
        rate: round(active ? (2 * shape.rate * (shape.used - dimension)) / (shape.used * (shape.used + 1)) : 0.0004),
        muVariance: round(active ? variance * 0.9 ** (dimension + 1) : 0.0008 / (dimension + 1)),
        kl: { value: round(moment + ks ** 2), se: round(0.03 * ks + 1e-4), n: N, seed, unit: 'nats' },
      }
    : {};
  return {
    dimension,
    ...bound,
    mean: round(mean),
    variance: round(variance),
    histogram: histogram(column, evenEdges(-5, 5, 100)),
    qq: NORMAL_TICKS.map((x) => round(quantile(sorted, cdf(x)))),
    ks: { value: round(ks), pValue: Math.min(1, round(2 * shape.latents * Math.exp(-2 * N * ks * ks))) },
  };
};

const correlationOf = (columns: readonly Float32Array[]): number[][] => {
  const centred = columns.map((column) => {
    const mean = meanOf(column);
    const spread = Math.sqrt(meanOf(column.map((x) => (x - mean) ** 2)));
    return column.map((x) => (x - mean) / spread);
  });
  const product = (a: Float32Array, b: Float32Array): number => {
    let sum = 0;
    for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
    return round(sum / a.length);
  };
  return centred.map((a, i) => centred.map((b, j) => (i === j ? 1 : product(a, b))));
};

/** The plane of the first two dimensions, the codes as bumps around the means of their classes. */
const holeMapOf = ({ latents, apart, holeMass }: Case, columns: readonly Float32Array[]): HoleMap => {
  const [first, second] = [columns[0]!, columns[1] ?? new Float32Array(N)];
  const centre = columns.map((column) => round(meanOf(column)));
  const ticks = Array.from({ length: 61 }, (_, i) => round(-3.6 + (7.2 * i) / 60));
  const width = apart === 0 ? 1 : Math.max(0.12, 1.05 - 0.9 * apart ** 2);
  const logRatio = ticks.flatMap((v) =>
    ticks.map((u) => {
      const bumps = Array.from({ length: CLASSES }, (_, label) => {
        const angle = (2 * Math.PI * label) / CLASSES;
        const [a, b] = [u - 1.15 * apart * Math.cos(angle), v - 1.15 * apart * Math.sin(angle)];
        return Math.exp(-(a * a + b * b) / (2 * width)) / width;
      });
      return round(Math.log(meanOf(bumps) + 1e-12) + (u * u + v * v) / 2);
    }),
  );
  const noise = new Float32Array(1500);
  keyedStream(seed, 'fixture/prior', 0).fillNormal(noise);
  return {
    axes: [0, 1].map((axis) => Array.from({ length: latents }, (_, d) => (d === axis ? 1 : 0))),
    centre,
    ticks,
    logRatio,
    codes: Array.from({ length: 500 }, (_, i) => [round(first[i]! - centre[0]!), round(second[i]! - (centre[1] ?? 0))]),
    prior: Array.from({ length: 500 }, (_, i) => [
      round(noise[3 * i]! - centre[0]!),
      round(noise[3 * i + 1]! - (centre[1] ?? 0)),
      cdf(noise[3 * i + 2]! - 0.4 * Math.hypot(noise[3 * i]!, noise[3 * i + 1]!)) < 0.7 * holeMass ? 1 : 0,
    ]),
  };
};

const ratioOf = ({ latents, marginalKl, holeMass }: Case): NonNullable<AuditPanels['ratio']> => {
  const noise = new Float32Array(2 * N);
  keyedStream(seed, 'fixture/ratio', 0).fillNormal(noise);
  const spread = 0.3 + Math.sqrt(2 * marginalKl);
  const codes = noise.slice(0, N).map((x) => marginalKl + spread * x);
  const prior = noise.slice(N).map((x) => -marginalKl + (spread + 0.2 * Math.sqrt(latents) * holeMass) * x);
  const threshold = round(quantile(prior.slice().sort(), holeMass));
  const ends = [codes.slice().sort(), prior.slice().sort()].map((sorted) => [
    quantile(sorted, 0.005),
    quantile(sorted, 0.995),
  ]);
  const edges = evenEdges(Math.min(ends[0]![0]!, ends[1]![0]!), Math.max(ends[0]![1]!, ends[1]![1]!), 100);
  return { codes: histogram(codes, edges), prior: histogram(prior, edges), threshold };
};

const panelsOf = (shape: Case): AuditPanels => {
  const { columns, labels } = sampleOf(shape);
  const dimensions = columns
    .map((column, d) => dimensionOf(column, d, shape))
    .sort((a, b) => (shape.posteriors ? b.rate! - a.rate! : b.ks.value - a.ks.value))
    .slice(0, 64);
  const radii = Array.from({ length: N }, (_, i) => Math.hypot(...columns.map((column) => column[i]!)));
  const variances = columns.map((column) => meanOf(column.map((x) => x * x)) - meanOf(column) ** 2);
  const counts = [0.001, 0.01, 0.1].map((threshold) => ({
    threshold,
    count: dimensions.filter(({ muVariance }) => muVariance! > threshold).length,
  }));
  const classes = Array.from({ length: CLASSES }, (_, label) => {
    const own = columns.map((column) => column.filter((_, i) => labels[i] === label));
    const mean = own.map((column) => round(meanOf(column)));
    const variance = own.map((column, d) => round(meanOf(column.map((x) => (x - mean[d]!) ** 2))));
    const value = variance.reduce((sum, v, d) => sum + 0.5 * (v + mean[d]! ** 2 - 1 - Math.log(v)), 0);
    return { label, n: N / CLASSES, mean, variance, momentKl: { value, se: 0.02 * value, n: 200, seed, unit: 'nats' } };
  });
  return {
    dimensions,
    qqProbabilities: NORMAL_TICKS.map(cdf),
    correlation: correlationOf(dimensions.map(({ dimension }) => columns[dimension]!)),
    spectrum: variances.map(round).sort((a, b) => b - a),
    radius: histogram(radii, evenEdges(0, Math.max(...radii) + 1, 200)),
    ...(shape.posteriors && { activeUnits: counts }),
    holeMap: holeMapOf(shape, columns),
    ...(shape.labels && { classes }),
    ratio: ratioOf(shape),
    deepest: {
      count: 32,
      z: Array.from({ length: 32 * shape.latents }, (_, i) => ((i * 7) % 13) / 4 - 1.5),
      ratio: Array.from({ length: 32 }, (_, i) => -42.1 + 0.6 * i),
    },
  };
};

const floorOf = (mean: number, sd: number): NoiseFloor => ({
  replicates: 200,
  mean,
  sd,
  quantiles: [-1.96, -0.674, -0.03, 0.66, 1.7, 2.05, 2.5].map((z) => mean + sd * z),
});

const without = (reason: string): Statistic => ({ unavailable: reason });
const noPosteriors = 'needs posteriors (μ, σ), and only draws z were given';

const statisticsOf = (shape: Case): Statistics => {
  const { posteriors, verdict, bracket, latents } = shape;
  const off = verdict === 'mismatched';
  const nats = (value: number, se: number): Measured => ({ value, se, n: 10_000, seed, unit: 'nats' });
  const bound = (value: number, se: number): Statistic =>
    posteriors ? { ...nats(value, se), ...(bracket && { saturated: true as const }) } : without(noPosteriors);
  const tested = (unit: string, away: number, [mean, sd]: readonly [number, number]): Measured => ({
    value: mean + sd * (off ? away : 0.31),
    n: 5000,
    seed,
    unit,
    pValue: off ? 0.005 : 0.38,
    floor: floorOf(mean, sd),
  });
  const share = (value: number, half: number): Measured => ({
    value,
    interval: [value - half, value + half],
    n: 10_000,
    seed,
    unit: 'share',
  });
  const gain = bracket?.[0] ?? 0.9 * shape.marginalKl;
  return {
    rate: posteriors ? { value: shape.rate, se: 0.005 * shape.rate, n: 10_000, unit: 'nats' } : without(noPosteriors),
    rateMc: posteriors ? nats(shape.rate * 1.0008, 0.006 * shape.rate) : without(noPosteriors),
    mutualInformation: bound(shape.information, 0.005 * shape.information),
    marginalKl: bound(shape.marginalKl, 0.01 * shape.marginalKl),
    marginalKlHeldOut: { ...nats(gain, 0.008 * gain), by: 'mixture of 40 full Gaussians' },
    totalCorrelation: bound(shape.correlation, 0.02 * shape.correlation),
    dimensionwiseKl: bound(shape.marginalKl - shape.correlation, 0.01 * shape.marginalKl),
    activeUnits: posteriors
      ? { value: shape.used, interval: [shape.used, shape.used], n: 10_000, unit: 'dimensions', by: 'threshold 0.01' }
      : without(noPosteriors),
    momentKl: {
      ...nats(0.24 * shape.marginalKl + 0.01, 0.004),
      floor: floorOf(off ? 0.0136 * (latents / 16) : 0.24 * shape.marginalKl + 0.0095, 0.0011),
    },
    frechet: { value: 0.31 * shape.marginalKl, se: 0.009, n: 10_000, unit: 'units²' },
    holeMass: { ...share(shape.holeMass, 0.0071 * (shape.holeMass / 0.158)), by: 'aggregate posterior' },
    mmd: tested('none', 61, [0, 0.00011]),
    energyDistance: tested('units', 34, [0, 0.0009]),
    slicedWasserstein: tested('units', 7.4, [0.021, 0.0034]),
    kolmogorovSmirnov: { ...tested('share', 5.2, [0.017, 0.0021]), pValue: off ? 1e-9 : 0.61, by: 'largest in z2' },
    mardiaSkewness: tested('none', 3.1, [0.41, 0.02]),
    mardiaKurtosis: latents === 1 ? without('needs at least 2 dimensions, got 1') : tested('none', -5.4, [288, 1.3]),
    radius: tested('share', 1.9, [0.0087, 0.0026]),
    c2st: { ...share(shape.accuracy, 0.0101), by: 'logistic regression on z and z², one half of the codes' },
    c2stAuc: share(Math.min(0.99, shape.accuracy + (off ? 0.06 : 0)), 0.009),
  };
};

const words = (shape: Case): Pick<AuditResult, 'summary' | 'reasons' | 'sampleFrom'> => {
  const hole = {
    statistic: 'holeMass' as const,
    text: `${(100 * shape.holeMass).toFixed(1)}% of prior draws look less like a code than all but 1% of held-out codes do.`,
  };
  const c2st = {
    statistic: 'c2st' as const,
    text: `A classifier is right in ${(100 * shape.accuracy).toFixed(1)}% of cases; guessing is right in 50%.`,
  };
  const information = {
    statistic: 'mutualInformation' as const,
    text: shape.bracket
      ? `z carries between 18.5 and 20.4 nats about x.`
      : shape.posteriors
        ? `z carries ${shape.information} nats about x.`
        : 'From draws z alone the information is not known.',
  };
  if (shape.verdict === 'matched') {
    const summary = `Codes and N(0, I) cannot be told apart, and z carries ${shape.information} nats about x: sample from N(0, I).`;
    return { summary, reasons: [c2st, hole, information], sampleFrom: 'N(0, I)' };
  }
  if (shape.verdict === 'collapsed') {
    const units = { statistic: 'activeUnits' as const, text: '0 active units: no mean varies over images.' };
    const rate = { statistic: 'rate' as const, text: 'The rate is 0.0021 nats.' };
    const summary =
      'z carries 0.0019 nats about x in 0 active units: where it matches the prior, it does so because it says nothing.';
    return { summary, reasons: [information, units, rate], sampleFrom: 'N(0, I)' };
  }
  const summary = `The codes do not live where N(0, I) does: a classifier tells them apart in ${(100 * shape.accuracy).toFixed(1)}% of cases, and ${(100 * shape.holeMass).toFixed(1)}% of prior draws fall where codes hardly ever are; sample from a mixture of 40 full Gaussians, worth ${shape.bracket?.[0] ?? 0.74} nats.`;
  return { summary, reasons: [c2st, hole, information], sampleFrom: 'mixture of 40 full Gaussians' };
};

export const auditFixture = (kind: AuditCase = 'mismatched'): AuditResult => {
  const shape = cases[kind];
  const { bracket, rate, marginalKl, posteriors, latents } = shape;
  const gain = (value: number): Measured => ({
    value,
    se: 0.02 + 0.01 * Math.abs(value),
    n: 10_000,
    seed,
    unit: 'nats',
  });
  const best = bracket?.[0] ?? 0.9 * marginalKl;
  return {
    schema: 1,
    kind: 'audit',
    verdict: shape.verdict,
    ...words(shape),
    statistics: statisticsOf(shape),
    ...(bracket && {
      bracket: { marginalKl: bracket, mutualInformation: [rate - bracket[1], rate - bracket[0]] as const },
    }),
    heldOut: [
      { density: 'mixture of 40 full Gaussians', gain: gain(best) },
      { density: 'mixture of 10 full Gaussians', gain: gain(0.8 * best) },
      { density: 'Gaussian of full covariance', gain: gain(0.24 * best) },
      { density: 'aggregate posterior', gain: gain(bracket ? -13.2 : 0.95 * best) },
    ],
    codes: {
      train: {
        n: posteriors ? 60_000 : 5000,
        posteriors,
        source: posteriors ? 'run runs/glyphs-3f21 (training images)' : 'every other row of z.npy, by seed 1',
      },
      test: {
        n: posteriors ? 10_000 : 5000,
        posteriors,
        source: posteriors ? 'run runs/glyphs-3f21 (test images)' : 'the other rows of z.npy',
      },
      latents,
    },
    alpha: 0.01,
    seed,
    notes: posteriors ? [] : ['One set was given: it is split in halves by seed 1.', '3 rows occur twice.'],
    panels: panelsOf(shape),
    seconds: 31.4,
    versions: { zdist: '0.1.0', 'onnxruntime-node': '1.30.0', 'Node.js': '20.19.2' },
  };
};

/** Two grids of 4 by 8 images of 28 × 28 pixels at twice their size. */
export const auditImagesFixture = () => {
  const layout = { rows: 4, columns: 8, width: 28, height: 28, scale: 2 };
  const blob = (sharp: number): Float32Array =>
    Float32Array.from({ length: 32 * 784 }, (_, k) => {
      const [image, x, y] = [Math.floor(k / 784), (k % 28) - 14, Math.floor((k % 784) / 28) - 14];
      const r = Math.hypot(x, y * (1 + 0.1 * (image % 4)));
      return 1 / (1 + Math.exp(sharp * (Math.abs(r - 5 - (image % 5)) - 1.6)));
    });
  return { holes: imageGrid(blob(0.35), layout), codes: imageGrid(blob(3), layout), rows: 4, columns: 8, seed };
};
