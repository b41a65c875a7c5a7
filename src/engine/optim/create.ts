import { adam } from './adam.js';
import type { OptimizerConfig } from './config.js';
import type { Optimizer } from './optimizer.js';
import { rmsprop } from './rmsprop.js';
import { momentum, sgd } from './sgd.js';

/** The optimizer that a configuration names. */
export const createOptimizer = (config: OptimizerConfig): Optimizer => {
  switch (config.name) {
    case 'sgd':
      return sgd(config.lr);
    case 'momentum':
      return momentum(config.lr, config.momentum);
    case 'rmsprop':
      return rmsprop(config.lr, config);
    case 'adam':
    case 'adamw':
      return adam(config.lr, config);
  }
};
