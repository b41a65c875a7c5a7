export { type Decomposition, type DecompositionOptions, decompose } from './decompose.js';
export { heldOutGain } from './heldOutGain.js';
