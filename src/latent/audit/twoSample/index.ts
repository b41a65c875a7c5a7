export { type ClassifierTest, c2st } from './c2st.js';
export { energyDistance } from './energyDistance.js';
export { holm, type KolmogorovDistance, kolmogorovPValue } from './kolmogorov.js';
export {
  type DimensionTest,
  kolmogorovSmirnov,
  kolmogorovSmirnovByDimension,
  largestDistance,
  testsOfDistances,
} from './kolmogorovSmirnov.js';
export { mardiaKurtosis } from './mardiaKurtosis.js';
export { MOST_SKEWNESS_LATENTS, mardiaSkewness } from './mardiaSkewness.js';
export { mmd } from './mmd.js';
export { mardiaRows, type TestOptions } from './options.js';
export { radius, radiusOf } from './radius.js';
export { slicedWasserstein } from './slicedWasserstein.js';
export { chiSquaredCdf, chiSquaredQuantile, normalCdf, normalQuantile } from './specialFunctions.js';
export { wilsonInterval } from './wilson.js';
