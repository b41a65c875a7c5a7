export { type ModelFile, readModelFile } from './modelFile.js';
export {
  MODEL_OPTIONS,
  type ModelTexts,
  namesModels,
  type OpenModelsOptions,
  openModels,
} from './openModels.js';
export { TRIAL_SECONDS, triedFirst } from './trial.js';
