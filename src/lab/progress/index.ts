export { createView, type ViewOptions } from './createView.js';
export { type Output, type ProgressView, silentView } from './progress.js';
