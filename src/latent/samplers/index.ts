export { drawFrom, drawSamples, noiseOf, samplerOnnx } from './draw.js';
export { familiesOf, familyNamed, fastFamilies, loadSampler, samplerFamilies } from './families.js';
export { type FullGaussian, fittedGaussian, fullGaussian } from './fullGaussian.js';
export {
  type ChooseOptions,
  type ChosenMixture,
  type CovarianceKind,
  chooseComponents,
  type FitOptions,
  fitGaussianMixture,
  type GaussianMixture,
  type GaussianMixtureValues,
  gaussianMixture,
  type TriedComponents,
} from './gaussianMixture/index.js';
export { type ClassSampler, type ClassSamplerFamily, perClassFamily } from './perClass.js';
export type {
  FitOptions as SamplerFitOptions,
  Fitted,
  Sampler,
  SamplerFamily,
  SavedSampler,
  TrainingCodes,
} from './sampler.js';
