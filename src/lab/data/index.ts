export { type IdxImages, type IdxLabels, readIdx, writeIdx } from './idx.js';
export { DATASET_NAMES, defaultCacheDir, type OpenedDataset, type OpenOptions, openDataset } from './open.js';
