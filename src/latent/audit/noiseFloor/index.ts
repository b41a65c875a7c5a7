export {
  cachedFloor,
  FLOOR_SEED,
  type FloorCache,
  type FloorKey,
  floorOf,
  quantileOf,
  REPLICATES,
  rankPValue,
  summarizeFloor,
} from './floor.js';
export { type FlooredStatistic, noiseFloor } from './noiseFloor.js';
