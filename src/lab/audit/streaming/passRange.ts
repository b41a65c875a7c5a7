/** One range of rows, read once: in this thread or another. */
import { nodeRuntime } from '../../../engine/runtime/node.js';
import {
  addToMomentSums,
  type CodesBlock,
  type MomentSums,
  momentSums,
  type StreamSummary,
  type SummarySettings,
  summarizer,
} from '../../../latent/audit/streaming/index.js';
import { type CodeRequest, openCodes } from '../../codes/index.js';
import { codeBlocks } from './codeBlocks.js';
import { rowsAtOnce } from './ranges.js';

/** Which range of which codes; plain values, so that a thread can open them for itself. */
export interface RangeJob {
  readonly cwd: string;
  readonly request: CodeRequest;
  readonly range: readonly [number, number];
  readonly settings: SummarySettings;
}

/** Told how many more rows were read. */
type OnRows = (rows: number) => void;

const overBlocks = async (
  { cwd, request, range: [from, to], settings: { latents, part } }: RangeJob,
  onRows: OnRows,
  take: (block: CodesBlock, from: number) => Promise<void> | void,
): Promise<void> => {
  const codes = await openCodes(cwd, request);
  try {
    const atOnce = rowsAtOnce(latents);
    for await (const each of codeBlocks(codes[part]!, { from, to, atOnce })) {
      await take(each.block, each.from);
      onRows(Math.min(atOnce, to - each.from));
    }
  } finally {
    await codes.close();
  }
};

/** The summary of a range. */
export const summarizeRange = async (job: RangeJob, onRows: OnRows): Promise<StreamSummary> => {
  const into = await summarizer(job.settings, nodeRuntime({ threads: 1 }));
  try {
    await overBlocks(job, onRows, into.add);
    return into.finish();
  } finally {
    await into.release();
  }
};

/** Mean and variance of μ or z of a range, and nothing else: as fast as a file can be read. */
export const momentsOfRange = async (job: RangeJob, onRows: OnRows): Promise<MomentSums> => {
  const sums = momentSums(job.settings.latents, 2);
  await overBlocks(job, onRows, (block) => addToMomentSums(sums, 'mu' in block ? block.mu : block.z));
  return sums;
};

/** What can be made of a range, by name. */
export const PASSES = { summary: summarizeRange, moments: momentsOfRange } as const;
export type PassName = keyof typeof PASSES;
export type PassResult<Name extends PassName> = Awaited<ReturnType<(typeof PASSES)[Name]>>;
