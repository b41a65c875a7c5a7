export { readExtractor } from './ownExtractor.js';
export { readRepair, writePage } from './repairPage.js';
export { type NoiseSource, sampleGenerator } from './sampleGenerator.js';
export { parseRepair, repairJson, repairSchema } from './schema.js';
export { type RepairSettings, repairSettings } from './settings.js';
export { openSource, type Source, type SourceOptions, type SourcePaths } from './source.js';
export { repairSummary, samplerTable } from './terminal.js';
export { trainingOf } from './training.js';
export { type RepairFiles, type Written, writeRepair } from './writeRepair.js';
