export { frictionEigenvalues } from './frictionEigenvalues.js';
export { klOverTime } from './klOverTime.js';
export { klSurface } from './klSurface.js';
export { misread } from './misread.js';
export { optimizerPaths } from './optimizerPaths.js';
export { phasePortrait } from './phasePortrait.js';
