/** What can be made of a range of rows, in this thread or another. */
import type { StreamSummary } from '../../../latent/audit/streaming/index.js';
import type { CodeMoments } from './momentsOfRange.js';
import type { OnRows, RangeJob } from './rangeJob.js';

/** By name; loaded when it is wanted, so that a thread starts at once. */
const PASSES = {
  summary: async () => (await import('./summarizeRange.js')).summarizeRange,
  moments: async () => (await import('./momentsOfRange.js')).momentsOfRange,
} as const;

export interface PassResults {
  readonly summary: StreamSummary;
  readonly moments: CodeMoments;
}
export type PassName = keyof PassResults;

export const passRange = async <Name extends PassName>(
  pass: Name,
  job: RangeJob,
  onRows: OnRows,
): Promise<PassResults[Name]> => {
  const run = await PASSES[pass]();
  return (await run(job, onRows)) as PassResults[Name];
};
