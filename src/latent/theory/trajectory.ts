import { type PlanePoint, planeGradient, planeKl } from './kl.js';

/**
 * A path on the (μ, σ) plane in arrays of one length, ready to draw.
 *
 * Units: KL in nats. `t` counts the natural time of the flow, in which μ decays as e^{−t}, or optimizer steps.
 */
export interface Trajectory {
  /** What moves the point: `gradient flow`, `heavy ball`, or the name of an optimizer. */
  readonly law: string;
  readonly clock: 'time' | 'step';
  readonly t: readonly number[];
  readonly mu: readonly number[];
  readonly sigma: readonly number[];
  /** Nats. */
  readonly kl: readonly number[];
  /** On `time` dKL/dt = ∇KL · velocity, nats per unit time; on `step` KL_k − KL_{k−1}, nats (0 at the start). */
  readonly dkl: readonly number[];
}

/** A trajectory with velocity and energy: heavy ball. */
export interface BallTrajectory extends Trajectory {
  /** γ, per unit time. */
  readonly friction: number;
  /** dμ/dt and dσ/dt, per unit time. */
  readonly velocityMu: readonly number[];
  readonly velocitySigma: readonly number[];
  /** KL + ½ |v|², nats. */
  readonly energy: readonly number[];
  /** dE/dt = −γ |v|², nats per unit time. */
  readonly denergy: readonly number[];
}

/** A trajectory in natural time from its points and their velocities. */
export const timedTrajectory = (
  law: string,
  t: readonly number[],
  points: readonly PlanePoint[],
  velocity: (point: PlanePoint, i: number) => readonly [number, number],
): Trajectory => ({
  law,
  clock: 'time',
  t,
  mu: points.map((p) => p.mu),
  sigma: points.map((p) => p.sigma),
  kl: points.map((p) => planeKl(p.mu, p.sigma)),
  dkl: points.map((p, i) => {
    const [g1, g2] = planeGradient(p.mu, p.sigma);
    const [v1, v2] = velocity(p, i);
    return g1 * v1 + g2 * v2;
  }),
});

/** A trajectory of optimizer steps, its start first. */
export const steppedTrajectory = (law: string, points: readonly PlanePoint[]): Trajectory => {
  const kl = points.map((p) => planeKl(p.mu, p.sigma));
  return {
    law,
    clock: 'step',
    t: points.map((_, k) => k),
    mu: points.map((p) => p.mu),
    sigma: points.map((p) => p.sigma),
    kl,
    dkl: kl.map((value, k) => (k === 0 ? 0 : value - kl[k - 1]!)),
  };
};

/** Below this distance a coordinate counts as arrived: its sign is rounding. */
const ARRIVED = 1e-8;

/** How often a coordinate passes its fixed point. Counts sign changes of values, leaving out those below 1e-8. */
export const crossings = (values: readonly number[], fixedPoint = 0): number => {
  const signs = values.filter((x) => Math.abs(x - fixedPoint) > ARRIVED).map((x) => Math.sign(x - fixedPoint));
  return signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
};

/**
 * Turns around the origin of a curve (x, y), by the sum of the angles between its points.
 *
 *   (1 / 2π) |Σ_i atan2(x_i y_{i+1} − y_i x_{i+1}, x_i x_{i+1} + y_i y_{i+1})|
 *
 * Stops at the first point within 1e-8 of the origin. Domain: points so close that no step turns by half a circle.
 */
export const turns = (x: readonly number[], y: readonly number[]): number => {
  let angle = 0;
  for (let i = 0; i + 1 < x.length && Math.hypot(x[i + 1]!, y[i + 1]!) > ARRIVED; i++) {
    angle += Math.atan2(x[i]! * y[i + 1]! - y[i]! * x[i + 1]!, x[i]! * x[i + 1]! + y[i]! * y[i + 1]!);
  }
  return Math.abs(angle) / (2 * Math.PI);
};

/** How a heavy ball goes round its fixed point, coordinate by coordinate. */
export interface Winding {
  /** Passages of μ through 0 and of σ through 1. */
  readonly crossings: { readonly mu: number; readonly sigma: number };
  /** Turns in the planes (μ, dμ/dt) and (σ − 1, dσ/dt). */
  readonly turns: { readonly mu: number; readonly sigma: number };
}

/** Crossings and turns of a heavy-ball trajectory. A spiral passes again and again, a node at most once. */
export const winding = (trajectory: BallTrajectory): Winding => ({
  crossings: { mu: crossings(trajectory.mu), sigma: crossings(trajectory.sigma, 1) },
  turns: {
    mu: turns(trajectory.mu, trajectory.velocityMu),
    sigma: turns(
      trajectory.sigma.map((sigma) => sigma - 1),
      trajectory.velocitySigma,
    ),
  },
});
