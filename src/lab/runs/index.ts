export { forkRun, type RunChild, type SpawnRun } from './child.js';
export type { FileSystem } from './fileSystem.js';
export type { RunJob, RunOutcome } from './job.js';
export { type DataPlace, openData } from './openData.js';
export { runJob } from './runJob.js';
export { type SupervisedRun, superviseRun } from './superviseRun.js';
export { StorageError, writeFile } from './writeFile.js';
