/** Counts of values in [edges[i], edges[i + 1]), and of those outside. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly below: number;
  readonly above: number;
}

/** Widths of a tenth, a fifth and a half, ten times as much, and so on: bounds that read well. */
const WIDTHS = Array.from({ length: 60 }, (_, i) => [0.1, 0.2, 0.5][i % 3]! * 10 ** Math.floor(i / 3));

/**
 * Edges from `low` to `high` or a little further, at the least width of 0.1, 0.2, 0.5, 1, … that makes at most `bins`
 * bins. Multiples of the width, so that histograms of one width lie on common edges.
 *
 * Throws: RangeError unless low < high and both are finite.
 */
export const evenEdges = (low: number, high: number, bins: number): number[] => {
  if (!(low < high && Number.isFinite(high - low))) {
    throw new RangeError(`evenEdges: expected finite low < high, got ${low} and ${high}`);
  }
  for (const width of WIDTHS) {
    const [first, last] = [Math.floor(low / width), Math.ceil(high / width)];
    // A product with a decimal fraction has rounding noise; a number read from 15 digits has none.
    const edge = (i: number): number => Number(((first + i) * width).toPrecision(15));
    if (last - first <= bins) return Array.from({ length: last - first + 1 }, (_, i) => edge(i));
  }
  throw new RangeError(`evenEdges: expected a range for ${bins} bins, got ${low} … ${high}`);
};

/** The bin of a value on ascending edges: -1 below, edges.length - 1 above; NaN counts as above. */
export const binOf = (edges: readonly number[], value: number): number => {
  const bins = edges.length - 1;
  if (value < edges[0]!) return -1;
  if (!(value < edges[bins]!)) return bins;
  // A guess for even edges, put right where rounding, or unevenness, has moved it.
  let i = Math.min(bins - 1, Math.floor(((value - edges[0]!) / (edges[bins]! - edges[0]!)) * bins));
  while (value < edges[i]!) i--;
  while (value >= edges[i + 1]!) i++;
  return i;
};

/** Counts values on ascending edges: every `stride`th one from `start` on. Shapes: values [n], edges [bins + 1]. */
export const histogram = (values: ArrayLike<number>, edges: readonly number[], start = 0, stride = 1): Histogram => {
  const counts = new Array<number>(edges.length - 1).fill(0);
  let [below, above] = [0, 0];
  for (let i = start; i < values.length; i += stride) {
    const bin = binOf(edges, values[i]!);
    if (bin < 0) below++;
    else if (bin === counts.length) above++;
    else counts[bin]!++;
  }
  return { edges, counts, below, above };
};
