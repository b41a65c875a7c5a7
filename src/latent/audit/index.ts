export { type AuditOptions, audit } from './audit.js';
export { wrongValueProblem } from './checkCodes.js';
export type { Codes, Density, Draws, Posteriors } from './codes.js';
export type {
  ChannelFindings,
  ModelFindings,
  ModelPort,
  ReadingEvidence,
  ReadingFindings,
  ScaleReading,
  SpatialFindings,
} from './modelFindings.js';
export { gaussianKlOf } from './momentKl.js';
export type { FloorCache } from './noiseFloor/index.js';
export type { AuditInput } from './prepare.js';
export {
  type AuditPanels,
  type AuditResult,
  type AuditVerdict,
  type ClassPanel,
  type CodeSet,
  type DimensionPanel,
  type HoleMap,
  isMeasured,
  type Measured,
  type NoiseFloor,
  type Statistic,
  type StatisticName,
  type Statistics,
  type Unavailable,
} from './result.js';
export { type OnAuditProgress, STAGES, type StageName } from './stages.js';
export { statedMeasures } from './stated.js';
