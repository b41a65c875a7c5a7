export { ARRAY_OPTIONS, type ArrayPaths, readArrays } from './arrays.js';
export { type AuditSettings, auditSettings } from './auditOptions.js';
export { diskFloors } from './floorCache.js';
export { holeImages } from './holeImages.js';
export { auditProgress } from './progress.js';
export { encodeRun, type RunModels, readRun } from './run.js';
export { auditJson, auditSchema } from './schema.js';
export { terminalSummary } from './summary.js';
export { writeAudit } from './writeAudit.js';
