/**
 * Counts of values in buckets whose width grows with the value: quantiles of any number of values, in constant memory.
 *
 * The buckets are fixed, so counts are exact whatever the order and the split of the values: sketches of parts add up to
 * the sketch of the whole, bucket by bucket.
 */

export interface QuantileSketch {
  n: number;
  readonly columns: number;
  /** Buckets to a doubling of |x| + UNIT: 2^bits. */
  readonly bits: number;
  /** Where the page of (column, sign and exponent) begins in `counts`, in pages; −1 where it is empty. [columns · 512] */
  readonly pages: Int32Array;
  /** Pages of 2^bits counts each, as they came to be needed. */
  counts: Float64Array;
  used: number;
}

/** Below it buckets have an even width: distance from 0 is measured in no finer unit. A power of two. */
const UNIT = 2 ** -6;
/** Sign and exponent of a float32. */
const SLOTS = 512;
const MANTISSA = 23;

export const quantileSketch = (columns: number, bits: number): QuantileSketch => ({
  n: 0,
  columns,
  bits,
  pages: new Int32Array(columns * SLOTS).fill(-1),
  counts: new Float64Array(0),
  used: 0,
});

/** The place of a page's first count, the page made where there is none. */
const pageStart = (sketch: QuantileSketch, slot: number): number => {
  if (sketch.pages[slot]! < 0) {
    const needed = (sketch.used + 1) << sketch.bits;
    if (needed > sketch.counts.length) {
      const grown = new Float64Array(Math.max(needed, Math.ceil(sketch.counts.length * 1.5)));
      grown.set(sketch.counts);
      sketch.counts = grown;
    }
    sketch.pages[slot] = sketch.used++;
  }
  return sketch.pages[slot]! << sketch.bits;
};

/** Rows whose keys are made together: as many as the nearest cache holds. */
const ROWS = 256;
const asFloats = new Float32Array(ROWS);
const asBits = new Int32Array(asFloats.buffer);
/** Keys of a block, column by column. */
let keys = new Int32Array(0);

/**
 * Adds rows. Shapes: x [rows, columns]. Domain: finite values.
 *
 * First all keys, then column by column their counts: those of one column fit a cache, those of all do not. Blocks of
 * thousands of rows go fastest.
 */
export const addToSketch = (sketch: QuantileSketch, x: Float32Array): void => {
  const { columns, bits } = sketch;
  const rows = x.length / columns;
  if (keys.length < x.length) keys = new Int32Array(x.length);
  for (let from = 0; from < rows; from += ROWS) {
    const to = Math.min(rows, from + ROWS);
    for (let column = 0; column < columns; column++) {
      keysOfColumn(x, from * columns + column, columns, bits, keys.subarray(column * rows + from, column * rows + to));
    }
  }
  for (let column = 0; column < columns; column++) {
    countKeys(sketch, column * SLOTS, keys.subarray(column * rows, (column + 1) * rows));
  }
  sketch.n += rows;
};

/** Sign, exponent and leading bits of the mantissa of |x| + UNIT, of every `stride`th value. */
const keysOfColumn = (x: Float32Array, first: number, stride: number, bits: number, out: Int32Array): void => {
  const shift = MANTISSA - bits;
  const negative = (SLOTS / 2) << bits;
  for (let r = 0, i = first; r < out.length; r++, i += stride) asFloats[r] = Math.abs(x[i]!) + UNIT;
  for (let r = 0, i = first; r < out.length; r++, i += stride) {
    out[r] = (asBits[r]! >>> shift) | (x[i]! < 0 ? negative : 0);
  }
};

const countKeys = (sketch: QuantileSketch, firstSlot: number, of: Int32Array): void => {
  const { bits, pages } = sketch;
  const mask = (1 << bits) - 1;
  let { counts } = sketch;
  for (let r = 0; r < of.length; r++) {
    const key = of[r]!;
    const slot = firstSlot + (key >>> bits);
    if (pages[slot]! < 0) {
      pageStart(sketch, slot);
      counts = sketch.counts;
    }
    counts[(pages[slot]! << bits) + (key & mask)]!++;
  }
};

/** Joins the counts of other values, in place: exact. Domain: as many columns and bits. */
export const mergeSketches = (into: QuantileSketch, other: QuantileSketch): void => {
  const size = 1 << other.bits;
  other.pages.forEach((page, slot) => {
    if (page < 0) return;
    const start = pageStart(into, slot);
    for (let k = 0; k < size; k++) into.counts[start + k]! += other.counts[page * size + k]!;
  });
  into.n += other.n;
};

/** One bucket: values x with low <= x < high (for those below 0: low < x <= high). */
export interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** The buckets of a column that hold any values, ascending. */
export const bucketsOf = (sketch: QuantileSketch, column: number): Bucket[] => {
  const { bits, pages, counts } = sketch;
  const size = 1 << bits;
  const edge = (exponent: number, k: number): number => 2 ** (exponent - 127) * (1 + k / size) - UNIT;
  const magnitudes = (sign: 0 | 1): Bucket[] => {
    const buckets: Bucket[] = [];
    for (let exponent = 0; exponent < 256; exponent++) {
      const page = pages[column * SLOTS + (sign * SLOTS) / 2 + exponent]!;
      if (page < 0) continue;
      for (let k = 0; k < size; k++) {
        const count = counts[page * size + k]!;
        if (count > 0) buckets.push({ low: edge(exponent, k), high: edge(exponent, k + 1), count });
      }
    }
    return buckets;
  };
  const below = magnitudes(1).map(({ low, high, count }) => ({ low: -high, high: 0 - low, count }));
  return [...below.reverse(), ...magnitudes(0)];
};

/**
 * Quantiles of buckets, by a straight line within one.
 *
 * Each lies within 2^−bits (|q| + 1/64) of the order statistic at its rank (`probability` · (n − 1), Hyndman and Fan's
 * type 7), give or take float32 rounding, whatever the split: `bits` is that of the sketch.
 *
 * Domain: probabilities ascending in 0 … 1, at least one value. Of values known to lie in `range`.
 */
export const quantilesOf = (
  buckets: readonly Bucket[],
  probabilities: readonly number[],
  [least, most]: readonly [number, number],
): number[] => {
  const n = buckets.reduce((sum, { count }) => sum + count, 0);
  let [at, before] = [0, 0];
  return probabilities.map((probability) => {
    const rank = probability * (n - 1);
    while (at < buckets.length - 1 && rank >= before + buckets[at]!.count) before += buckets[at++]!.count;
    const { low, high, count } = buckets[at]!;
    const share = Math.min(1, Math.max(0, (rank - before + 0.5) / count));
    return Math.min(most, Math.max(least, low + share * (high - low)));
  });
};

/** The largest share of a distribution in one bucket: how far a distance read off the edges may fall short. */
export const widestShare = (buckets: readonly Bucket[], cdf: (x: number) => number): number =>
  buckets.reduce((most, { low, high }) => Math.max(most, cdf(high) - cdf(low)), 0);

/**
 * Largest distance, over the edges of the buckets, between the empirical distribution function and a continuous one.
 *
 * At an edge the empirical function is exact, so the value is never above the Kolmogorov–Smirnov distance; it is below
 * it by `widestShare` at most.
 */
export const distanceOverEdges = (
  buckets: readonly Bucket[],
  cdf: (x: number) => number,
): { readonly value: number; readonly se: number } => {
  const n = buckets.reduce((sum, { count }) => sum + count, 0);
  let [below, value, place] = [0, 0, 0];
  for (const { low, high, count } of buckets) {
    for (const [edge, at] of [
      [low, below],
      [high, below + count],
    ] as const) {
      const distance = Math.abs(at / n - cdf(edge));
      if (distance > value) [value, place] = [distance, at];
    }
    below += count;
  }
  const share = (place + 0.5) / (n + 1);
  return { value, se: Math.sqrt((share * (1 - share)) / n) };
};
