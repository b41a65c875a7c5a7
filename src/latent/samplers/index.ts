export { type FullGaussian, fittedGaussian, fullGaussian } from './fullGaussian.js';
