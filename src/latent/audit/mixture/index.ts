export { type MixtureDensity, mixtureDensity } from './density.js';
export { type MarginalDensities, marginalDensities } from './marginals.js';
