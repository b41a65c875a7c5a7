export type { Layer } from './layers.js';
export { KL_ESTIMATORS, REGIMES } from './names.js';
export { resolveConfig } from './resolve.js';
export { type RunConfig, runSchema, studySchema } from './schema.js';
export {
  type Environment,
  environmentLayer,
  fileLayer,
  flagsLayer,
  type Presets,
  runDefaults,
  setLayers,
  studyDefaults,
} from './sources.js';
