export { decoderScore } from './decoderScore.js';
export type { Figure, LegendEntry } from './figure.js';
export { klDecay } from './klDecay.js';
