/** One range of rows, read once: in this thread or another. */
import { nodeRuntime } from '../../../engine/runtime/node.js';
import {
  addToMomentSums,
  type MomentSums,
  momentSums,
  type StreamSummary,
  type SummarySettings,
  summarizer,
} from '../../../latent/audit/streaming/index.js';
import { type CodesFiles, openCodes } from './codesFiles.js';
import { rowsAtOnce } from './ranges.js';

/** What is made of a range, and of which; plain values. */
export interface RangeJob {
  readonly files: CodesFiles;
  readonly range: readonly [number, number];
  readonly settings: SummarySettings;
}

/** Told how many more rows were read. */
type OnRows = (rows: number) => void;

/** The summary of a range. */
export const summarizeRange = async ({ files, range, settings }: RangeJob, onRows: OnRows): Promise<StreamSummary> => {
  const codes = await openCodes(files);
  const into = await summarizer(settings, nodeRuntime({ threads: 1 }));
  try {
    const atOnce = rowsAtOnce(codes.latents);
    for await (const { block, from } of codes.blocks({ from: range[0], to: range[1], atOnce })) {
      await into.add(block, from);
      onRows(Math.min(atOnce, range[1] - from));
    }
    return into.finish();
  } finally {
    await into.release();
    await codes.close();
  }
};

/** Mean and variance of μ or z of a range, and nothing else: as fast as a file can be read. */
export const momentsOfRange = async ({ files, range, settings }: RangeJob, onRows: OnRows): Promise<MomentSums> => {
  const codes = await openCodes(files);
  const sums = momentSums(settings.latents, 2);
  try {
    const atOnce = rowsAtOnce(codes.latents);
    for await (const { block, from } of codes.blocks({ from: range[0], to: range[1], atOnce })) {
      addToMomentSums(sums, 'mu' in block ? block.mu : block.z);
      onRows(Math.min(atOnce, range[1] - from));
    }
    return sums;
  } finally {
    await codes.close();
  }
};

/** What can be made of a range, by name. */
export const PASSES = { summary: summarizeRange, moments: momentsOfRange } as const;
export type PassName = keyof typeof PASSES;
export type PassResult<Name extends PassName> = Awaited<ReturnType<(typeof PASSES)[Name]>>;
