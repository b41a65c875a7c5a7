export { FRICTION, type OptimizerPath, START, type TheoryPaths, theoryPaths } from './paths.js';
export type { RegimeProbes } from './regimeProbes.js';
export { type SampleSize, type TheorySummary, theorySummary } from './summary.js';
