export { type PlannedRun, planRuns, type StudyConfig } from './plan.js';
export { runStudy, type StudyEffects, type StudyOutcome, type StudyRequest } from './runStudy.js';
export type {
  CurvePoint,
  DataDescription,
  Estimate,
  FinalValues,
  ImageGrid,
  NoiseFloor,
  Part,
  RunResult,
  Study,
} from './study.js';
export { verdict } from './verdict.js';
export { readStudy, writeReport, writeStudy } from './writeStudy.js';
