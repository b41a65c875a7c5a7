export { FRICTION, type OptimizerPath, START, type TheoryPaths, theoryPaths } from './paths.js';
export { type ProbeChoice, type ProbeCodes, type ProbePath, probePaths, type RegimeProbes } from './probes.js';
export { type SampleSize, type TheorySummary, theorySummary } from './summary.js';
