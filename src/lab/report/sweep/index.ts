export { renderSweep } from './renderSweep.js';
