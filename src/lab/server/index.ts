export { type ExportedLab, exportLab } from './exportLab.js';
export { type LabServer, type LabServerOptions, serveLab } from './serve.js';
export { builtSite, requireSite } from './site.js';
