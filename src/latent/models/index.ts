export { type Autoencoder, type AutoencoderOptions, openAutoencoder, type UserDecoder } from './autoencoder.js';
export {
  type CodesOptions,
  isBinary,
  type ModelCodes,
  type ModelImages,
  modelCodes,
  type OpenedModels,
} from './codes.js';
export { applyMap, type DecoderOptions, type LoadedDecoder, loadDecoder, mapToUnit } from './decoder.js';
export { type ImageArray, imageArray, requireAlike } from './images.js';
export { type Fit, fitLayout, LAYOUTS, type Layout } from './layout.js';
export { type Likelihood, logLikelihood, parseLikelihood } from './likelihood.js';
export { parseOutputs, ROLES, type Role, type Told } from './outputs.js';
export { type FedRange, RANGES, rangeNamed } from './range.js';
export { loadModel, type ModelSource } from './session.js';
