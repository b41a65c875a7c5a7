export { chiDensity, chiMean } from './chi.js';
export { binOf, evenEdges, type Histogram, histogram } from './histogram.js';
export { type CodesSummary, summarizeCodes } from './summary.js';
