export { classPanels } from './classes.js';
export { correlationOf, dimensionPanels, qqProbabilities } from './dimensions.js';
export { radiusHistogram, ratioHistograms } from './histograms.js';
export { holeMap } from './holeMap.js';
export { rounded } from './rounded.js';
