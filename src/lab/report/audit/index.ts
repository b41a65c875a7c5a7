export { modelLines } from './modelLines.js';
export { type AuditReport, renderAudit } from './renderAudit.js';
export type { AuditImages } from './sections/images.js';
