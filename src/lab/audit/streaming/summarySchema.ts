/** What the file of a shard holds, checked. */
import { z } from 'zod';
import { emptySummary, type StreamSummary } from '../../../latent/audit/streaming/index.js';

/** Of the file and of what the numbers in it mean: a new one where either changes. */
export const SUMMARY_VERSION = 1;

const count = z.int().min(0);
const float64 = z.custom<Float64Array>((value) => value instanceof Float64Array);
const float32 = z.custom<Float32Array>((value) => value instanceof Float32Array);
const int32 = z.custom<Int32Array>((value) => value instanceof Int32Array);

const extremes = z.strictObject({ n: count, least: float64, most: float64, wrong: z.literal(0) });
const moments = z.strictObject({
  n: count,
  powers: z.literal(4),
  mean: float64,
  second: float64,
  third: float64,
  fourth: float64,
});
const sketch = z.strictObject({
  n: count,
  columns: count,
  bits: count,
  pages: int32,
  counts: float64,
  used: count,
});
const rate = z.strictObject({
  n: count,
  mean: z.number(),
  second: z.number(),
  dimensions: float64,
  variances: float64,
});

const sums = z.strictObject({
  coMoments: z.strictObject({ n: count, mean: float64, products: float64 }),
  draws: moments,
  quantiles: sketch,
  radii: sketch,
  fourier: z.strictObject({ n: count, cos: float64, sin: float64 }),
  posteriors: z.exactOptional(z.strictObject({ means: moments, rate })),
});

const sample = z.strictObject({
  most: count,
  width: count,
  size: count,
  keys: float64,
  places: float64,
  values: float32,
});

const summary = z.strictObject({
  settings: z.strictObject({
    seed: count,
    latents: z
      .int()
      .min(1)
      .max(1 << 16),
    posteriors: z.boolean(),
    part: z.enum(['train', 'test']),
  }),
  rows: z.array(z.tuple([count, count]).readonly()),
  centres: extremes,
  scales: z.exactOptional(extremes),
  sample,
  sums: z.exactOptional(sums),
});

/** A summary as a file holds it: of the sample, the rows that are in use. */
export type SavedSummary = z.infer<typeof summary>;

type Sketch = z.infer<typeof sketch>;
const isSketch = (value: unknown): value is Sketch => typeof value === 'object' && value !== null && 'pages' in value;
const isArray = (value: unknown): value is Float64Array => ArrayBuffer.isView(value);

/** The first place, where lengths are not those of the settings. */
const misfit = (saved: object, empty: object, path: string): string | undefined => {
  for (const [key, expected] of Object.entries(empty)) {
    const got = (saved as Record<string, unknown>)[key];
    const place = `${path}${key}`;
    if (key === 'limit') continue;
    if (isArray(expected) && isArray(got)) {
      if (got.length !== expected.length && !GROWING.has(key)) return place;
    } else if (typeof expected === 'object' && !Array.isArray(expected)) {
      if (typeof got !== 'object' || got === null) return place;
      const inside = misfit(got, expected, `${place}.`);
      if (inside) return inside;
    }
  }
  if (!isSketch(saved)) return undefined;
  const { pages, used, counts, bits } = saved;
  const within = used <= pages.length && counts.length === used * 2 ** bits && pages.every((page) => page < used);
  return within && bits === (empty as Sketch).bits ? undefined : `${path}pages`;
};

/** As long as what is in them. */
const GROWING: ReadonlySet<string> = new Set(['keys', 'places', 'values', 'counts']);

const fitted = summary.superRefine((saved, context) => {
  const empty = emptySummary(saved.settings);
  const { size, width, keys, places, values, most } = saved.sample;
  const sampled = size <= most && keys.length === size && places.length === size && values.length === size * width;
  const same = most === empty.sample.most && width === empty.sample.width;
  const place = sampled && same ? misfit(saved, empty, '') : 'sample';
  if (place)
    context.addIssue({ code: 'custom', path: place.split('.'), message: 'not of the size that its settings give' });
});

const part = z.strictObject({
  /** Of the data, whatever their path. */
  fingerprint: z.string(),
  /** Rows of the data, of which the summary has a part. */
  n: count,
  /** The files, as a reader meets them. */
  source: z.string(),
  /** How messages name mu, sigma or z. */
  names: z.record(z.string(), z.string()),
  summary: fitted,
});

export const shardSummarySchema = z.strictObject({
  shard: z.strictObject({ index: z.int().min(1), of: z.int().min(1) }),
  train: part,
  test: z.exactOptional(part),
});

/** One shard of the codes, and of held-out codes where there are some. */
export type ShardSummary = z.infer<typeof shardSummarySchema>;

/** A summary as a file holds it. Domain: no wrong values. */
export const savedSummary = ({ sample, sums, ...rest }: StreamSummary): SavedSummary => {
  const { most, width, size } = sample;
  const trimmed = <S extends { readonly counts: Float64Array; readonly used: number; readonly bits: number }>(
    of: S,
  ): S => ({
    ...of,
    counts: of.counts.slice(0, of.used * 2 ** of.bits),
  });
  return {
    ...(rest as Omit<SavedSummary, 'sample' | 'sums'>),
    sample: {
      most,
      width,
      size,
      keys: sample.keys.slice(0, size),
      places: sample.places.slice(0, size),
      values: sample.values.slice(0, size * width),
    },
    ...(sums && {
      sums: {
        ...(sums as NonNullable<SavedSummary['sums']>),
        quantiles: trimmed(sums.quantiles),
        radii: trimmed(sums.radii),
      },
    }),
  };
};

/** The summary in a file, to be joined into another. */
export const openedSummary = (saved: SavedSummary): StreamSummary => ({
  ...saved,
  sample: { ...saved.sample, limit: Number.POSITIVE_INFINITY },
});
