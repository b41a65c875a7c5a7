/** The parts of zdist that need Node.js: its runtime, data sets on disk, reports. */
export { type NodeRuntimeOptions, nodeRuntime } from './engine/runtime/node.js';
export { type OpenedDataset, openDataset } from './lab/data/index.js';
export { curvesCsv, imageGrid, renderReport } from './lab/report/index.js';
export type { Study } from './lab/studies/index.js';
