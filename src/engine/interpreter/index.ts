export { evaluate } from './evaluate.js';
export { kernels } from './kernels.js';
