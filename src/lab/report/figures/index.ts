export { codesFigure, codesTitle } from './codes/index.js';
export { controlsFigure, controlsTitle } from './controls.js';
export { decoderScore } from './decoderScore.js';
export type { Figure, LegendEntry } from './figure.js';
export { klDecay } from './klDecay.js';
export { separateScore } from './separateScore.js';
