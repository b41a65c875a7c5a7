export type { OptimizerConfig } from './config.js';
export { createOptimizer } from './create.js';
export type { Optimizer, Update } from './optimizer.js';
