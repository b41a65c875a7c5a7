export { type DescentOptions, descend } from './descent.js';
export {
  type FlowOptions,
  gradientFlow,
  gradientFlowAt,
  gradientFlowField,
  type HeavyBallOptions,
  heavyBall,
  heavyBallMu,
  integratedGradientFlow,
} from './flow.js';
export { F, G, klToStandardNormal, type PlanePoint, planeGradient, planeKl, type Term } from './kl.js';
export { klLevel } from './levels.js';
export {
  type Complex,
  type CoordinateEigenvalues,
  criticalFriction,
  eigenvalues,
  type FixedPointKind,
  fixedPointKind,
  gradientFlowEigenvalues,
  heavyBallEigenvalues,
  numericJacobian,
  stepMultipliers,
} from './linearization.js';
export { type Decay, energyNeverRises, exponentialDecay, klNeverRises, type LyapunovCheck } from './lyapunov.js';
export {
  lowestCell,
  type Minimum,
  type MinimumEstimate,
  minimise,
  monteCarloMinimum,
  type Uniqueness,
  uniqueness,
} from './minimum.js';
export { type MisreadCurve, type MisreadKl, misreadCurve, misreadKl, misreadSlopeRatio } from './misread.js';
export { type ProbeChoice, type ProbeCodes, type ProbePath, probePaths } from './probes.js';
export {
  axis,
  defaultGrid,
  EXACT_NOISE,
  type KlSurface,
  klSurface,
  monteCarloGrids,
  type NoiseMoments,
  noiseMoments,
  type PlaneGrid,
  type SurfaceGrid,
  surfaceGrid,
} from './surface.js';
export { type BallTrajectory, crossings, type Trajectory, turns, type Winding, winding } from './trajectory.js';
