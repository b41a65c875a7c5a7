import { setImmediate } from 'node:timers/promises';
import { momentKernel } from '../../../latent/audit/streaming/momentKernel.js';
import { type MomentSums, momentSums } from '../../../latent/audit/streaming/momentSums.js';
import type { RowSource } from '../../../vae/data/arrays/index.js';
import { openBytesSync } from '../../data/byteFile.js';
import type { OnRows, RangeJob, StoredMatrix } from './rangeJob.js';

/** Power sums of μ and σ, or of z, over a range of rows. */
export interface CodeMoments {
  readonly centres: MomentSums;
  readonly scales?: MomentSums;
}

/** Values of a block: 256 KiB, which stay in a core's second cache from reading to summing. */
const BLOCK_VALUES = 2 ** 16;
/** Blocks from one report of progress, and turn of the event loop, to the next. */
const BLOCKS_A_TURN = 64;

/** Puts rows of a range into the kernel's memory, and says how many, again and again. */
type FilledRows = (range: RangeJob['range'], room: Float32Array) => AsyncIterable<number>;

/** Rows that stand in their file as they are wanted are read to where they are summed. */
const storedRows = ({ name, width, stored }: StoredMatrix): FilledRows =>
  async function* ([from, to], room) {
    const atOnce = room.length / width;
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
  };

/** Others are made, and copied there. */
const madeRows = (source: RowSource): FilledRows =>
  async function* ([from, to], room) {
    for await (const block of source.blocks({ from, to, atOnce: room.length / source.width })) {
      room.set(block);
      yield block.length / source.width;
    }
  };

const momentsOf = async (
  filled: FilledRows,
  { range, settings: { latents } }: RangeJob,
  onRows: OnRows,
): Promise<MomentSums> => {
  const sums = momentSums(latents, 2);
  const kernel = momentKernel(latents, Math.max(1, Math.floor(BLOCK_VALUES / latents)));
  let [blocks, unreported] = [0, 0];
  for await (const rows of filled(range, kernel.room)) {
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

const silently = (): void => {};

/**
 * Mean and variance of a range, and nothing else: as fast as a file can be read.
 *
 * Where the job says at which places the values stand, none of the code that opens other formats is loaded.
 */
export const momentsOfRange = async (job: RangeJob, onRows: OnRows): Promise<CodeMoments> => {
  if (job.stored) {
    const [centres, scales] = job.stored.map(storedRows);
    return {
      centres: await momentsOf(centres!, job, onRows),
      ...(scales && { scales: await momentsOf(scales, job, silently) }),
    };
  }
  const { openCodes } = await import('../../codes/index.js');
  const codes = await openCodes(job.cwd, job.request);
  try {
    const rows = codes[job.settings.part]!;
    if (!('mu' in rows)) return { centres: await momentsOf(madeRows(rows.z), job, onRows) };
    return {
      centres: await momentsOf(madeRows(rows.mu), job, onRows),
      scales: await momentsOf(madeRows(rows.sigma), job, silently),
    };
  } finally {
    await codes.close();
  }
};
