export { type AuditSettings, auditSettings } from './auditOptions.js';
export { diskFloors } from './floorCache.js';
export { holeImages } from './holeImages.js';
export { type MomentsAlone, momentsAlone, momentsTable } from './moments.js';
export { type AuditProgress, auditProgress } from './progress.js';
export { encodeRun, type RunModels, readRun } from './run.js';
export { auditJson, auditSchema } from './schema.js';
export { type AuditSource, type AuditSourceOptions, openAuditSource, streamed } from './source.js';
export {
  type CodesIdentity,
  decodeSummary,
  identifyCodes,
  isLarge,
  joinShards,
  MOST_SHARDS,
  type NamedShard,
  parseShard,
  readShards,
  type Shard,
  type StreamOptions,
  streamCodes,
  writeShard,
} from './streaming/index.js';
export { terminalSummary } from './summary.js';
export { writeAudit } from './writeAudit.js';
