/**
 * zdist: a laboratory for the distribution of z in variational autoencoders. This entry runs in Node.js and in a
 * browser; `zdist/node` adds the runtime, the data sets and the studies of Node.js.
 */
export { grad } from './engine/autodiff/index.js';
export { DTypeError, GraphError, InputError, NonFiniteError, ShapeError } from './engine/errors/index.js';
export { type DType, input, matmul, type Operand, type Shape, type Tensor } from './engine/graph/index.js';
export { evaluate } from './engine/interpreter/index.js';
export {
  decodeModel,
  type ModelInfo,
  OPSET,
  type TrainingStep,
  toBatchModel,
  toLoopModel,
  toModel,
  toStepModel,
} from './engine/onnx/index.js';
export { createOptimizer, type Optimizer, type OptimizerConfig } from './engine/optim/index.js';
export { simplify } from './engine/passes/index.js';
export { createTrainer, type StepDefinition, type Trainer, traceStep } from './engine/program/index.js';
export { type KeyedStream, keyedStream } from './engine/random/index.js';
export { float32, type HostTensor, int64, type Runtime, type Session, uint8 } from './engine/runtime/index.js';
export {
  type AuditInput,
  type AuditOptions,
  type AuditResult,
  audit,
  type Codes,
  type Density,
  type Draws,
  isMeasured,
  type Measured,
  type Posteriors,
  type Statistic,
} from './latent/audit/index.js';
export { type Repair, type RepairOptions, type RepairResult, repair } from './latent/repair/index.js';
export {
  drawSamples,
  familiesOf,
  fitGaussianMixture,
  type GaussianMixture,
  loadSampler,
  type Sampler,
  type SamplerFamily,
  samplerOnnx,
  type TrainingCodes,
} from './latent/samplers/index.js';
export { F, G, gradientFlow, heavyBall, klToStandardNormal, planeGradient, planeKl } from './latent/theory/index.js';
export { type Dataset, glyphs, type ImageSet } from './vae/data/index.js';
export {
  type Bernoulli,
  bernoulli,
  gaussianKl,
  momentMatchedKl,
  type Normal,
  normal,
} from './vae/distributions/index.js';
export { type Preset, presets } from './vae/presets/index.js';
export { type Regime, regimes } from './vae/regimes/index.js';
export {
  type CurvePoint,
  type Estimate,
  mlpOf,
  phaseStep,
  type TrainConfig,
  type TrainedModel,
  type TrainHooks,
  train,
  VERSION,
} from './vae/training/index.js';
