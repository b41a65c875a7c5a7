import { addToMomentSums, type MomentSums, momentSums } from '../../../latent/audit/streaming/momentSums.js';
import { type OnRows, overBlocks, type RangeJob } from './rangeJob.js';

/** Mean and variance of μ or z of a range, and nothing else: as fast as a file can be read. */
export const momentsOfRange = async (job: RangeJob, onRows: OnRows): Promise<MomentSums> => {
  const sums = momentSums(job.settings.latents, 2);
  await overBlocks(job, onRows, (block) => addToMomentSums(sums, 'mu' in block ? block.mu : block.z));
  return sums;
};
