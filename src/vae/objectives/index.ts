export { negativeElbo } from './negativeElbo.js';
export { negativeScore } from './negativeScore.js';
export { rateAlone } from './rateAlone.js';
export type { Terms } from './terms.js';
