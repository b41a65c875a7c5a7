export { sampleGenerator } from './sampleGenerator.js';
export { type RepairSettings, repairSettings } from './settings.js';
export { openSource, type Source, type SourceOptions, type SourcePaths } from './source.js';
export { repairSummary, samplerTable } from './terminal.js';
export { trainingOf } from './training.js';
export { type RepairFiles, repairJson, type Written, writeRepair } from './writeRepair.js';
