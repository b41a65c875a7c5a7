export { gainFigure } from './gain.js';
export { qualityFigure } from './quality.js';
