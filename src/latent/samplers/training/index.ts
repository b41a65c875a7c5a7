export { type Architecture, type FamilyDefinition, type FamilySizes, trainedFamily } from './family.js';
export type { Schedule } from './fit.js';
export type { Chance, LatentModel } from './latentModel.js';
