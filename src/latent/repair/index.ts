export { type Decoder, joined, openDecoder, type RunDecoder } from './decoder.js';
export { type GeneratorOptions, generatorOnnx, requireDecoder } from './generator.js';
export { type Generator, joinGenerator } from './join.js';
export type { RepairModel } from './model.js';
export { Interrupted, type RepairOptions } from './options.js';
export { type Repair, repair } from './repair.js';
export type {
  ImageMeasures,
  LeftOut,
  RepairResult,
  RepairVerdict,
  SamplerMeasures,
  SamplerResult,
} from './result.js';
export { decoderBesideCodes, type UserSource, userSource } from './userModel.js';
