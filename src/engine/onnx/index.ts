export { decodeModel, encodeModel, type ModelInfo, OPSET } from './encode.js';
export { type Dimension, OnnxGraph } from './graph.js';
export { type Join, joinModels, type Port, type Ports, portsOf } from './join.js';
export { type LowerOptions, lower, type Scope } from './lower.js';
export { lowerings } from './lowerings.js';
export { type NamedTensors, toBatchModel, toModel, type Weights } from './model.js';
export { type LoopOptions, nextName, type TrainingStep, toLoopModel, toStepModel } from './training.js';
