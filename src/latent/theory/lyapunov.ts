import type { BallTrajectory, Trajectory } from './trajectory.js';

/** Whether a quantity ever rises along a trajectory. */
export interface LyapunovCheck {
  readonly law: string;
  readonly quantity: 'KL' | 'energy';
  /** Greatest rise from one instant of the trajectory to the next, nats; 0 or less when it never rises. */
  readonly largestRise: number;
  /** Time or step at the end of the greatest rise. */
  readonly at: number;
  /** Greatest of the derivatives along the path, nats per unit time (per step on `step`). */
  readonly largestRate: number;
  /** Highest value after the start less the value at the start, nats: above 0 when it ever rises beyond its start. */
  readonly aboveStart: number;
  /** What counts as rounding and error of integration, nats. */
  readonly tolerance: number;
  /** largestRise and largestRate are within the tolerance. */
  readonly never: boolean;
}

const check = (
  { law, t }: Trajectory,
  quantity: LyapunovCheck['quantity'],
  values: readonly number[],
  rates: readonly number[],
  tolerance: number,
): LyapunovCheck => {
  let largestRise = Number.NEGATIVE_INFINITY;
  let at = t[0]!;
  for (let i = 1; i < values.length; i++) {
    const rise = values[i]! - values[i - 1]!;
    if (rise > largestRise) {
      largestRise = rise;
      at = t[i]!;
    }
  }
  const largestRate = rates.reduce((a, b) => Math.max(a, b));
  const aboveStart = values.slice(1).reduce((a, b) => Math.max(a, b)) - values[0]!;
  const never = largestRise <= tolerance && largestRate <= tolerance;
  return { law, quantity, largestRise, at, largestRate, aboveStart, tolerance, never };
};

/**
 * Whether KL is a Lyapunov function of a trajectory: whether it never rises.
 *
 *   gradient flow: dKL/dt = −|∇KL|² < 0 except at (0, 1)
 *   heavy ball:    dKL/dt = ∇KL · v, of either sign
 *   optimizers:    KL_k − KL_{k−1}, of either sign unless the rate is small
 *
 * Checked twice, by the derivative at each instant and by the values themselves. Units: nats.
 */
export const klNeverRises = (trajectory: Trajectory, tolerance = 1e-12): LyapunovCheck =>
  check(trajectory, 'KL', trajectory.kl, trajectory.dkl, tolerance);

/**
 * Whether the energy KL + ½ |v|² of a heavy ball never rises: dE/dt = −γ |v|² ≤ 0. The tolerance leaves room for the error
 * of integration. Units: nats.
 */
export const energyNeverRises = (trajectory: BallTrajectory, tolerance = 1e-10): LyapunovCheck =>
  check(trajectory, 'energy', trajectory.energy, trajectory.denergy, tolerance);

/** How fast gradient flow brings the KL down. */
export interface Decay {
  /** Least of −(dKL/dt) / KL along the path, per unit time. */
  readonly slowestRate: number;
  /** KL(t) ≤ KL(0) e^{−2t} at every instant, within a relative 1e-9. */
  readonly exponential: boolean;
}

/**
 * Exponential decay under gradient flow.
 *
 *   the Hessian is at least the identity, so |∇KL|² ≥ 2 KL, so KL(t) ≤ KL(0) e^{−2t}
 *
 * from every start: (0, 1) is stable globally, not in a neighbourhood alone. Instants at KL 0 are left out.
 * Throws: RangeError for a trajectory of steps.
 * Source: Polyak 1963 (gradient domination under strong convexity).
 */
export const exponentialDecay = ({ law, clock, t, kl, dkl }: Trajectory): Decay => {
  if (clock !== 'time') throw new RangeError(`exponentialDecay: expected a trajectory in time, got steps of ${law}`);
  const slowestRate = kl.reduce((least, value, i) => (value > 0 ? Math.min(least, -dkl[i]! / value) : least), Infinity);
  const exponential = kl.every((value, i) => value <= kl[0]! * Math.exp(-2 * (t[i]! - t[0]!)) * (1 + 1e-9));
  return { slowestRate, exponential };
};
