/** Least and largest value of each dimension, and the first value that is no finite number. */

export interface Extremes {
  n: number;
  /** [D] */
  readonly least: Float64Array;
  readonly most: Float64Array;
  /** Values that are not as they must be, and the first of them by row. */
  wrong: number;
  first?: WrongValue;
}

export interface WrongValue {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

export const extremes = (latents: number): Extremes => ({
  n: 0,
  least: new Float64Array(latents).fill(Number.POSITIVE_INFINITY),
  most: new Float64Array(latents).fill(Number.NEGATIVE_INFINITY),
  wrong: 0,
});

/** Adds rows, the first of them row `from` of all. Values must be finite and above `above`. Shapes: x [rows, D]. */
export const addToExtremes = (
  into: Extremes,
  x: Float32Array,
  from: number,
  above: number = Number.NEGATIVE_INFINITY,
): void => {
  const latents = into.least.length;
  let right = 0;
  for (let d = 0; d < latents; d++) {
    let [least, most] = [into.least[d]!, into.most[d]!];
    for (let i = d; i < x.length; i += latents) {
      const value = x[i]!;
      if (value < least) least = value;
      if (value > most) most = value;
      // False for NaN and both infinities.
      if (value > above && value - value === 0) right++;
    }
    into.least[d] = least;
    into.most[d] = most;
  }
  if (right < x.length) noteWrong(into, x, from, above);
  into.n += x.length / latents;
};

const noteWrong = (into: Extremes, x: Float32Array, from: number, above: number): void => {
  const latents = into.least.length;
  for (let i = 0; i < x.length; i++) {
    if (Number.isFinite(x[i]!) && x[i]! > above) continue;
    into.wrong++;
    const row = from + Math.floor(i / latents);
    if (into.first === undefined || row < into.first.row) into.first = { row, column: i % latents, value: x[i]! };
  }
};

/** Joins what is known of other rows, in place: exact. */
export const mergeExtremes = (into: Extremes, other: Extremes): void => {
  for (let d = 0; d < into.least.length; d++) {
    into.least[d] = Math.min(into.least[d]!, other.least[d]!);
    into.most[d] = Math.max(into.most[d]!, other.most[d]!);
  }
  into.n += other.n;
  into.wrong += other.wrong;
  const { first } = other;
  if (first && (into.first === undefined || first.row < into.first.row)) into.first = first;
};
