import { setImmediate } from 'node:timers/promises';
import { momentKernel } from '../../../latent/audit/streaming/momentKernel.js';
import { type MomentSums, momentSums } from '../../../latent/audit/streaming/momentSums.js';
import { openCodes } from '../../codes/index.js';
import { openBytesSync } from '../../data/byteFile.js';
import type { RowSource } from '../../data/rows.js';
import type { OnRows, RangeJob } from './rangeJob.js';

/** Power sums of μ and σ, or of z, over a range of rows. */
export interface CodeMoments {
  readonly centres: MomentSums;
  readonly scales?: MomentSums;
}

/** Values of a block: 256 KiB, which stay in a core's second cache from reading to summing. */
const BLOCK_VALUES = 2 ** 16;
/** Blocks from one report of progress, and turn of the event loop, to the next. */
const BLOCKS_A_TURN = 64;

/** Rows that stand in their file as they are wanted are read into the kernel's memory itself; others are copied there. */
async function* filledRows(
  source: RowSource,
  [from, to]: RangeJob['range'],
  room: Float32Array,
): AsyncGenerator<number> {
  const { width, stored, name } = source;
  const atOnce = room.length / width;
  if (!stored) {
    for await (const block of source.blocks({ from, to, atOnce })) {
      room.set(block);
      yield block.length / width;
    }
    return;
  }
  const file = openBytesSync(stored.path, name);
  try {
    for (let row = from; row < to; row += atOnce) {
      const rows = Math.min(atOnce, to - row);
      file.read(new Uint8Array(room.buffer, room.byteOffset, rows * width * 4), stored.start + row * width * 4);
      yield rows;
    }
  } finally {
    file.close();
  }
}

const momentsOf = async (source: RowSource, range: RangeJob['range'], onRows: OnRows): Promise<MomentSums> => {
  const sums = momentSums(source.width, 2);
  const kernel = momentKernel(source.width, Math.max(1, Math.floor(BLOCK_VALUES / source.width)));
  let [blocks, unreported] = [0, 0];
  for await (const rows of filledRows(source, range, kernel.room)) {
    kernel.add(sums, rows);
    unreported += rows;
    if (++blocks % BLOCKS_A_TURN > 0) continue;
    onRows(unreported);
    unreported = 0;
    await setImmediate();
  }
  onRows(unreported);
  return sums;
};

/** Mean and variance of a range, and nothing else: as fast as a file can be read. */
export const momentsOfRange = async (
  { cwd, request, range, settings: { part } }: RangeJob,
  onRows: OnRows,
): Promise<CodeMoments> => {
  const codes = await openCodes(cwd, request);
  try {
    const rows = codes[part]!;
    if (!('mu' in rows)) return { centres: await momentsOf(rows.z, range, onRows) };
    return { centres: await momentsOf(rows.mu, range, onRows), scales: await momentsOf(rows.sigma, range, () => {}) };
  } finally {
    await codes.close();
  }
};
