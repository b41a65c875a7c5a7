/** The schema of `audit.json`, version 1. docs/audit.md says what every key means. */
import { z } from 'zod';
import { type AuditResult, statedMeasures } from '../../latent/audit/index.js';
import { inputHashes, measured, numbers, pair } from './measuredSchema.js';
import { modelSchema } from './modelSchema.js';

export { inputHashes, measured };

const number = z.number();
const statistic = z.union([measured, z.strictObject({ unavailable: z.string() })]);

const statistics = z.strictObject({
  rate: statistic,
  rateMc: statistic,
  mutualInformation: statistic,
  marginalKl: statistic,
  marginalKlHeldOut: statistic,
  totalCorrelation: statistic,
  dimensionwiseKl: statistic,
  activeUnits: statistic,
  momentKl: statistic,
  frechet: statistic,
  holeMass: statistic,
  mmd: statistic,
  energyDistance: statistic,
  slicedWasserstein: statistic,
  kolmogorovSmirnov: statistic,
  mardiaSkewness: statistic,
  mardiaKurtosis: statistic,
  radius: statistic,
  c2st: statistic,
  c2stAuc: statistic,
});

const histogram = z.strictObject({ edges: numbers, counts: numbers, below: number, above: number });

const dimension = z.strictObject({
  dimension: number,
  rate: z.exactOptional(number),
  kl: z.exactOptional(measured),
  mean: number,
  variance: number,
  skewness: z.exactOptional(number),
  excessKurtosis: z.exactOptional(number),
  muVariance: z.exactOptional(number),
  histogram,
  qq: numbers,
  ks: z.strictObject({ value: number, pValue: number }),
});

const holeMap = z.strictObject({
  axes: z.array(numbers).readonly(),
  centre: numbers,
  ticks: numbers,
  logRatio: numbers,
  codes: z.array(pair).readonly(),
  prior: z.array(z.tuple([number, number, z.union([z.literal(0), z.literal(1)])]).readonly()).readonly(),
});

const classPanel = z.strictObject({ label: number, n: number, mean: numbers, variance: numbers, momentKl: measured });

const panels = z.strictObject({
  dimensions: z.array(dimension).readonly(),
  qqProbabilities: numbers,
  correlation: z.array(numbers).readonly(),
  spectrum: numbers,
  radius: histogram,
  activeUnits: z.exactOptional(z.array(z.strictObject({ threshold: number, count: number })).readonly()),
  holeMap,
  classes: z.exactOptional(z.array(classPanel).readonly()),
  ratio: z.exactOptional(z.strictObject({ codes: histogram, prior: histogram, threshold: number })),
  deepest: z.exactOptional(z.strictObject({ count: number, z: numbers, ratio: numbers })),
});

export const codeSet = z.strictObject({ n: number, posteriors: z.boolean(), source: z.string() });

const statisticName = z.enum(Object.keys(statistics.shape) as [keyof typeof statistics.shape]);

export const auditSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal('audit'),
  verdict: z.enum(['collapsed', 'matched', 'mismatched']),
  summary: z.string(),
  reasons: z.array(z.strictObject({ statistic: statisticName, text: z.string() })).readonly(),
  sampleFrom: z.string(),
  statistics,
  bracket: z.exactOptional(z.strictObject({ marginalKl: pair, mutualInformation: pair })),
  heldOut: z.array(z.strictObject({ density: z.string(), gain: measured })).readonly(),
  codes: z.strictObject({ train: codeSet, test: codeSet, latents: number }),
  alpha: number,
  seed: number,
  inputs: z.exactOptional(inputHashes),
  notes: z.array(z.string()).readonly(),
  model: z.exactOptional(modelSchema),
  panels,
  seconds: number,
  versions: z.record(z.string(), z.string()),
}) satisfies z.ZodType<AuditResult>;

/** Lists of numbers on one line: readable, and a third of the bytes. */
export const auditJson = (result: AuditResult): string =>
  `${JSON.stringify(statedMeasures(result), null, 2).replace(/\[\s+(-?\d[^[\]{}"]*?)\s+\]/g, (_, list: string) => `[${list.replace(/,\s+/g, ', ')}]`)}\n`;
