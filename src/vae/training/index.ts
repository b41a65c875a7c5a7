export type { Binarisation, Draws, KlEstimator, RegimeName, TrainConfig } from './config.js';
export { type CurvePoint, type Estimate, estimate, type FinalValues, type Probes } from './curve.js';
export { decoderModel, encoderModel } from './export.js';
export { mlpOf, phaseStep, shapesOf } from './step.js';
export { type Progress, type TrainHooks, train } from './train.js';
export type { TrainedModel } from './trained.js';
export { VERSION } from './version.js';
