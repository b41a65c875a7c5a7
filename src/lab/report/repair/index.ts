export { type RepairPage, type RepairReport, renderRepair } from './renderRepair.js';
export type { RepairImages } from './sections/images.js';
