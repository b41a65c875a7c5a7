import type { RowRange } from './rows.js';

/** What a range of rows is read into. */
export type FillRows = (from: number, to: number, out: Float32Array) => Promise<void>;

/**
 * Throws: RangeError where a range is none, or lies outside of the rows.
 */
export const requireRange = ({ from = 0, to, atOnce }: RowRange, n: number): Required<RowRange> => {
  const end = to ?? n;
  const whole = [from, end, atOnce].every(Number.isInteger);
  if (!whole || from < 0 || end < from || end > n || atOnce < 1) {
    throw new RangeError(`rows: expected 0 <= from <= to <= ${n} and atOnce >= 1, got ${from}, ${end}, ${atOnce}`);
  }
  return { from, to: end, atOnce: Math.min(atOnce, Math.max(end - from, 1)) };
};

/** Blocks of a range: while the caller works on one, the next is read into a second buffer. */
export async function* readAhead(
  range: Required<RowRange>,
  width: number,
  fill: FillRows,
): AsyncGenerator<Float32Array, void> {
  const { from, to, atOnce } = range;
  const buffers = [from, from + atOnce].filter((row) => row < to).map(() => new Float32Array(atOnce * width));
  const start = (row: number, turn: number): Promise<Float32Array> => {
    const end = Math.min(row + atOnce, to);
    const block = buffers[turn % 2]!.subarray(0, (end - row) * width);
    const filled = fill(row, end, block).then(() => block);
    // Awaited below; where the caller leaves before, nobody is there to hear of it.
    filled.catch(() => {});
    return filled;
  };
  let next = from < to ? start(from, 0) : undefined;
  try {
    for (let row = from, turn = 0; next !== undefined; row += atOnce, turn++) {
      const block: Float32Array = await next;
      next = row + atOnce < to ? start(row + atOnce, turn + 1) : undefined;
      yield block;
    }
  } finally {
    await next?.catch(() => {});
  }
}
