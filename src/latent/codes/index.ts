export { linearPath, sphericalPath } from './between.js';
export { chiDensity, chiMean } from './chi.js';
export { coordinates, fromCoordinates, type LatentFrame, ownFrame } from './frame.js';
export { binOf, evenEdges, type Histogram, histogram } from './histogram.js';
export { type CodesSummary, summarizeCodes } from './summary.js';
