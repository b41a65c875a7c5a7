import { InputError } from '../../engine/errors/index.js';
import { type RowRange, type RowSource, requireRange } from '../../vae/data/arrays/index.js';

/**
 * Rows of several sources, one after another.
 *
 * Throws: InputError where their widths differ.
 */
export const joinRows = (name: string, sources: readonly RowSource[]): RowSource => {
  const [first, ...rest] = sources as readonly [RowSource, ...RowSource[]];
  if (rest.length === 0) return first;
  for (const source of rest) {
    if (source.width === first.width) continue;
    throw new InputError(`${source.name}: expected ${first.width} columns as ${first.name} has, got ${source.width}`);
  }
  const n = sources.reduce((sum, source) => sum + source.n, 0);
  return {
    name,
    n,
    width: first.width,
    ...(first.columns && { columns: first.columns }),
    async *blocks(range) {
      yield* fullBlocks(rowsOf(sources, requireRange(range, n)), range.atOnce * first.width);
    },
    close: async () => {
      for (const source of sources) await source.close();
    },
  };
};

async function* rowsOf(sources: readonly RowSource[], range: Required<RowRange>): AsyncGenerator<Float32Array> {
  const { from, to, atOnce } = range;
  let start = 0;
  for (const source of sources) {
    const [begin, end] = [Math.max(from - start, 0), Math.min(to - start, source.n)];
    if (begin < end) yield* source.blocks({ from: begin, to: end, atOnce });
    start += source.n;
  }
}

/** Blocks of `size` values each but for the last: where one source ends, the next goes on in the same block. */
async function* fullBlocks(blocks: AsyncIterable<Float32Array>, size: number): AsyncGenerator<Float32Array> {
  let [kept, filled] = [new Float32Array(0), 0];
  for await (const block of blocks) {
    if (filled === 0 && block.length === size) {
      yield block;
      continue;
    }
    if (kept.length === 0) kept = new Float32Array(size);
    let rest = block;
    while (rest.length > 0) {
      const part = rest.subarray(0, size - filled);
      kept.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled === size) {
        yield kept;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield kept.subarray(0, filled);
}
