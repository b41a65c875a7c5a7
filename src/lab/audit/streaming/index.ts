export { isLarge, readShards, type StreamOptions, streamCodes, writeShard } from './command.js';
export { momentsOfCodes, summarizeCodes } from './pass.js';
export { parseShard } from './shards.js';
