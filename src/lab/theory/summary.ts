import {
  type Complex,
  type CoordinateEigenvalues,
  criticalFriction,
  type Decay,
  eigenvalues,
  energyNeverRises,
  exponentialDecay,
  type FixedPointKind,
  fixedPointKind,
  gradientFlow,
  gradientFlowEigenvalues,
  gradientFlowField,
  heavyBall,
  heavyBallEigenvalues,
  integratedGradientFlow,
  klNeverRises,
  klSurface,
  type LyapunovCheck,
  type MinimumEstimate,
  type MisreadCurve,
  misreadCurve,
  monteCarloGrids,
  monteCarloMinimum,
  noiseMoments,
  numericJacobian,
  type PlanePoint,
  type Trajectory,
  type Uniqueness,
  uniqueness,
  type Winding,
  winding,
} from '../../latent/theory/index.js';
import { FRICTION, START } from './paths.js';

/** Draws of each set of noise, and sets: what the Monte Carlo minimum is measured with. */
const DRAWS = 10_000;
const REPLICATES = 32;
const SAMPLE_SIZES = [100, 1000, 10_000, 100_000];
/** σ of trained encoders (0.02 to 0.3), and above. */
const MISREAD_SIGMAS = [0.02, 0.05, 0.1, 0.3, 0.5, 0.9];
/** From every side of (0, 1), near σ = 0 too. */
const STARTS: readonly PlanePoint[] = [
  START,
  { mu: 3, sigma: 0.02 },
  { mu: 2, sigma: 3 },
  { mu: -1, sigma: 0.3 },
  { mu: 0, sigma: 1e-3 },
  { mu: -4, sigma: 1 },
];
const DURATION = 20;
const SAMPLES = 801;

/** The Monte Carlo surface as the number of draws grows. Means over the grid, nats. */
export interface SampleSize {
  readonly n: number;
  readonly meanSe: number;
  /** Greatest distance from the analytic surface, nats, and in standard errors of its cell. */
  readonly largestError: number;
  readonly largestErrorInSe: number;
}

/** (0, 1) as a fixed point of a flow. */
interface FixedPoint {
  /** By numeric Jacobian of the field at (0, 1), with no use of the formula. Per unit time. */
  readonly numeric: readonly Complex[];
  readonly kind: FixedPointKind;
}

/** What the theory of the KL term says, by number. Information in nats, time in the natural time of the flow. */
export interface TheorySummary {
  readonly seed: number;
  readonly minimum: {
    readonly analytic: Uniqueness;
    readonly monteCarlo: MinimumEstimate;
    /** Of the surface of the first of the replicates. */
    readonly monteCarloUniqueness: Uniqueness;
    readonly sampleSizes: readonly SampleSize[];
  };
  readonly flow: FixedPoint & {
    readonly eigenvalues: readonly [Complex, Complex];
    /** Every start the checks begin at. */
    readonly starts: readonly PlanePoint[];
    /** Greatest difference of closed form and integration over all starts and instants, in μ, in σ, and in nats. */
    readonly difference: { readonly mu: number; readonly sigma: number; readonly kl: number };
    /** KL along the flow: the check, over all starts, in which it comes nearest to rising. */
    readonly kl: LyapunovCheck;
    /** Slowest over all starts. */
    readonly decay: Decay;
  };
  readonly ball: FixedPoint & {
    readonly friction: number;
    readonly eigenvalues: CoordinateEigenvalues;
    /** Friction from which μ and σ no longer spiral. */
    readonly criticalFriction: { readonly mu: number; readonly sigma: number };
    /** Of the ball from the first start. */
    readonly winding: Winding;
    readonly kl: LyapunovCheck;
    /** KL + ½ |v|²: the check, over all starts, in which it comes nearest to rising. */
    readonly energy: LyapunovCheck;
  };
  readonly misread: MisreadCurve;
}

const largestGap = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

/** The check with the greatest rise, among those that fail where any does. */
const worst = (checks: readonly LyapunovCheck[]): LyapunovCheck => {
  const failed = checks.filter(({ never }) => !never);
  return (failed.length > 0 ? failed : checks).reduce((a, b) => (b.largestRise > a.largestRise ? b : a));
};

const flowOf = (): TheorySummary['flow'] => {
  const numeric = eigenvalues(numericJacobian(([mu, sigma]) => gradientFlowField(mu!, sigma!), [0, 1]));
  const paths = STARTS.map((start) => {
    const options = { start, duration: DURATION, samples: SAMPLES };
    return { closed: gradientFlow(options), integrated: integratedGradientFlow(options) };
  });
  const gap = (of: (path: Trajectory) => readonly number[]): number =>
    Math.max(...paths.map(({ closed, integrated }) => largestGap(of(closed), of(integrated))));
  const decays = paths.map(({ closed }) => exponentialDecay(closed));
  return {
    eigenvalues: gradientFlowEigenvalues(),
    numeric,
    kind: fixedPointKind(numeric),
    starts: STARTS,
    difference: { mu: gap((path) => path.mu), sigma: gap((path) => path.sigma), kl: gap((path) => path.kl) },
    kl: worst(paths.flatMap(({ closed, integrated }) => [klNeverRises(closed), klNeverRises(integrated)])),
    decay: {
      slowestRate: Math.min(...decays.map((decay) => decay.slowestRate)),
      exponential: decays.every((decay) => decay.exponential),
    },
  };
};

const ballOf = (friction: number): TheorySummary['ball'] => {
  const field = ([mu, sigma, v1, v2]: readonly number[]): readonly number[] => {
    const [pullMu, pullSigma] = gradientFlowField(mu!, sigma!);
    return [v1!, v2!, pullMu - friction * v1!, pullSigma - friction * v2!];
  };
  const numeric = eigenvalues(numericJacobian(field, [0, 1, 0, 0]));
  const balls = STARTS.map((start) => heavyBall({ start, friction, duration: DURATION, samples: SAMPLES }));
  return {
    friction,
    eigenvalues: heavyBallEigenvalues(friction),
    numeric,
    kind: fixedPointKind(numeric),
    criticalFriction,
    winding: winding(balls[0]!),
    kl: klNeverRises(balls[0]!),
    energy: worst(balls.map((ball) => energyNeverRises(ball))),
  };
};

/**
 * The numbers of the theory, computed in about a second: where the KL is least and that it is so nowhere else, that (0, 1)
 * is stable and how, that the KL falls along the flow, and what reading σ as a variance does to it.
 *
 * Only the Monte Carlo surfaces are drawn, by `seed`.
 */
export const theorySummary = (seed = 1): TheorySummary => ({
  seed,
  minimum: {
    analytic: uniqueness(klSurface()),
    monteCarlo: monteCarloMinimum(DRAWS, REPLICATES, seed),
    monteCarloUniqueness: uniqueness(klSurface(noiseMoments([DRAWS], seed)[0])),
    sampleSizes: monteCarloGrids(SAMPLE_SIZES, seed).map(({ n, meanSe, largestError, largestErrorInSe }) => ({
      n,
      meanSe,
      largestError,
      largestErrorInSe,
    })),
  },
  flow: flowOf(),
  ball: ballOf(FRICTION),
  misread: misreadCurve(MISREAD_SIGMAS),
});
