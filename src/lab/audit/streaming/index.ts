export { isLarge, readShards, type StreamOptions, streamArrays, writeShard } from './command.js';
export { momentsOfFiles, summarizeFiles } from './pass.js';
export { parseShard } from './shards.js';
