export { classPanels } from './classes.js';
export { correlationOf, dimensionOrder, dimensionPanels, qqProbabilities } from './dimensions.js';
export { fineEdges } from './edges.js';
export { radiusEdges, radiusHistogram, ratioHistograms } from './histograms.js';
export { holeMap, type LatentPlane, planeLogRatio, priorOn } from './holeMap.js';
export { rounded } from './rounded.js';
