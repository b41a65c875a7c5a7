export { type Attribution, attribution, type Cause, type Controls } from './attribution.js';
export { chooseExtractor, type ExtractorOptions, type OwnExtractor } from './chooseExtractor.js';
export { type ClassifierOptions, classifierExtractor } from './classifier.js';
export { type ElboUnder, elboUnder } from './elbo.js';
export { type ExtractorFacts, type FeatureExtractor, openExtractor } from './extractor.js';
export { type Features, featureRows } from './features.js';
export { frechetDistance } from './frechetDistance.js';
export { type IwaeUnder, iwaeUnder } from './iwae.js';
export { kernelDistance } from './kernelDistance.js';
export { type ManifoldMeasures, type ManifoldOptions, manifoldMeasures } from './manifold.js';
export {
  type GuardOptions,
  type GuardRows,
  type Memorisation,
  type MemorisationGuard,
  type MemorisationOptions,
  type MemorisationRows,
  memorisation,
  memorisationGuard,
} from './memorisation.js';
export { type NeighbourOptions, type Neighbours, nearestNeighbours } from './nearestNeighbours.js';
export { type NearestCrossEntropy, type NearestSamples, nearestSampleCrossEntropy } from './nearestSample.js';
export {
  EXTRACTOR_RANGES,
  type ExtractorRange,
  type OnnxExtractorOptions,
  onnxExtractor,
} from './onnxExtractor.js';
export { type PrincipalComponentsOptions, principalComponentsExtractor } from './principalComponents.js';
export {
  type Autoencoder,
  bernoulliLikelihood,
  type LogLikelihood,
  type ScoredDraws,
  type ScoreOptions,
  scoreDraws,
} from './scoredDraws.js';
