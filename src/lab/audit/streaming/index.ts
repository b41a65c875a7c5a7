export {
  type CodesIdentity,
  identifyCodes,
  isLarge,
  readShards,
  type StreamOptions,
  streamCodes,
  writeShard,
} from './command.js';
export { momentsOfCodes, summarizeCodes } from './pass.js';
export { joinShards, MOST_SHARDS, type NamedShard, parseShard, type Shard } from './shards.js';
export { decodeSummary } from './summaryFile.js';
