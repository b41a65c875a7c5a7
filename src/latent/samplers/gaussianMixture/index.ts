export { type ChooseOptions, type ChosenMixture, chooseComponents, type TriedComponents } from './chooseComponents.js';
export type { CovarianceKind } from './components.js';
export { type FitOptions, fitGaussianMixture } from './fit.js';
export { type GaussianMixture, type GaussianMixtureValues, gaussianMixture } from './mixture.js';
export { type RefitOptions, refitGaussianMixture } from './refit.js';
