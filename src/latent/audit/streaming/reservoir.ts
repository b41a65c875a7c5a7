/** A uniform sample of rows by the seed: the rows whose keys are the lowest. Any split gives the same rows. */

export interface Reservoir {
  /** Rows it holds at most. */
  readonly most: number;
  readonly width: number;
  size: number;
  /** Key and place among all rows of each: [2 · most]; those beyond `size` are not in use. */
  readonly keys: Float64Array;
  readonly places: Float64Array;
  /** [2 · most, width] */
  readonly values: Float32Array;
  /** No row with a key above it is among the lowest. */
  limit: number;
}

/** Room for twice as many rows: they are sorted out each time it is full. */
export const reservoir = (most: number, width: number): Reservoir => ({
  most,
  width,
  size: 0,
  keys: new Float64Array(2 * most),
  places: new Float64Array(2 * most),
  values: new Float32Array(2 * most * width),
  limit: Number.POSITIVE_INFINITY,
});

/** Keeps the rows of the lowest keys, the lowest first; of equal keys the earlier row. */
export const sortReservoir = (into: Reservoir): void => {
  const { keys, places, values, width } = into;
  const order = Array.from({ length: into.size }, (_, i) => i)
    .sort((a, b) => keys[a]! - keys[b]! || places[a]! - places[b]!)
    .slice(0, into.most);
  const rows = new Float32Array(order.length * width);
  order.forEach((from, to) => {
    rows.set(values.subarray(from * width, (from + 1) * width), to * width);
  });
  values.set(rows);
  keys.set(order.map((i) => keys[i]!));
  places.set(order.map((i) => places[i]!));
  into.size = order.length;
  if (into.size === into.most) into.limit = keys[into.size - 1]!;
};

/**
 * Adds rows, the first of them row `from` of all. A row may come in parts, of which each has its columns: for example μ
 * beside σ.
 *
 * Shapes: parts [rows, width_k] with Σ width_k = width; rowKeys [rows].
 */
export const addToReservoir = (
  into: Reservoir,
  parts: readonly { readonly values: Float32Array; readonly width: number }[],
  rowKeys: Float64Array,
  from: number,
): void => {
  for (let r = 0; r < rowKeys.length; r++) {
    const key = rowKeys[r]!;
    if (key > into.limit) continue;
    if (into.size === into.keys.length) {
      sortReservoir(into);
      if (key > into.limit) continue;
    }
    let start = into.size * into.width;
    for (const { values, width } of parts) {
      into.values.set(values.subarray(r * width, (r + 1) * width), start);
      start += width;
    }
    into.keys[into.size] = key;
    into.places[into.size++] = from + r;
  }
};

/** Joins the sample of other rows, in place. */
export const mergeReservoirs = (into: Reservoir, other: Reservoir): void => {
  for (let i = 0; i < other.size; i++) {
    const values = other.values.subarray(i * other.width, (i + 1) * other.width);
    addToReservoir(into, [{ values, width: other.width }], other.keys.subarray(i, i + 1), other.places[i]!);
  }
};
