export { latentDiffusionFamily } from './family.js';
export { type LatentDiffusionConfig, latentDiffusion } from './model.js';
