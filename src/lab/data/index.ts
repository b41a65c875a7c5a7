export { readIdx, writeIdx } from './idx.js';
export { DATASET_NAMES, defaultCacheDir, type OpenedDataset, type OpenOptions, openDataset } from './open.js';
