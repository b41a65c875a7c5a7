import { nodeRuntime } from '../../../engine/runtime/node.js';
import { type StreamSummary, summarizer } from '../../../latent/audit/streaming/index.js';
import { type OnRows, overBlocks, type RangeJob } from './rangeJob.js';

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
