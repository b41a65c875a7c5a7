export { type NearestCrossEntropy, type NearestSamples, nearestSampleCrossEntropy } from './nearestSample.js';
