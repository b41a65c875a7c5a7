export interface Tolerance {
  readonly relative?: number;
  readonly absolute?: number;
}

/** Equal within the tolerance; infinities and NaN must be met by their own kind. Throws with the worst element. */
export const expectClose = (
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative = 0, absolute = 0 }: Tolerance,
  what = 'values',
): void => {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: expected ${expected.length} values, got ${actual.length}`);
  }
  let worst = 0;
  let message = '';
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    const excess = Math.abs(a - e) / (absolute + relative * Math.abs(e));
    if (!(excess <= Math.max(1, worst))) {
      worst = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
      message = `${what}[${i}]: expected ${e}, got ${a}`;
    }
  }
  if (message !== '') throw new Error(message);
};

/** The largest finite magnitude, at least 1: what float32 rounding in a sum is relative to. */
export const magnitude = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 1);
