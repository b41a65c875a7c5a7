export { addToExtremes, extremes } from './extremes.js';
export { addToMomentSums, type MomentSums, mergeMomentSums, momentSums } from './momentSums.js';
export { type StreamedInput, streamedAudit, wrongValues } from './streamedAudit.js';
export {
  type CodesBlock,
  emptySummary,
  isRight,
  joinSummaries,
  rowCount,
  type StreamSummary,
  type Summarizer,
  type SummarySettings,
  summarizer,
} from './summary.js';
