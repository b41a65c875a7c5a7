export { chiDensity, chiMean } from './chi.js';
export { evenEdges, type Histogram, histogram } from './histogram.js';
export { type CodesSummary, summarizeCodes } from './summary.js';
