export type { StepFeeds } from './feeds.js';
export { flatten, type ParameterShapes, parameterCount, unflatten, views } from './layout.js';
export { FROZEN, LEARNED, type Lesson, type StepDefinition, type TracedStep, traceStep } from './step.js';
export { createTrainer, type Trainer } from './trainer.js';
