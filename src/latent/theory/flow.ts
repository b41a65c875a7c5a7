import { integrate } from './integrate.js';
import { type PlanePoint, requirePositive } from './kl.js';
import { type BallTrajectory, type Trajectory, timedTrajectory } from './trajectory.js';

/** Where a flow starts, for how long it goes (natural time), and at how many instants it is told (200 unless said). */
export interface FlowOptions {
  readonly start: PlanePoint;
  readonly duration: number;
  readonly samples?: number;
}

const instants = ({ duration, samples = 200 }: FlowOptions): number[] => {
  if (!(duration > 0) || !Number.isInteger(samples) || samples < 2) {
    throw new RangeError(`flow: expected a duration above 0 and 2 samples or more, got ${duration} and ${samples}`);
  }
  return Array.from({ length: samples }, (_, i) => (duration * i) / (samples - 1));
};

/**
 * Gradient flow of the KL, dx/dt = −∇KL.
 *
 *   dμ/dt = −μ,  dσ/dt = 1/σ − σ
 *
 * Units: per unit time. Outside σ > 0: NaN.
 */
export const gradientFlowField = (mu: number, sigma: number): readonly [number, number] =>
  sigma > 0 ? [-mu, ((1 - sigma) * (1 + sigma)) / sigma] : [Number.NaN, Number.NaN];

/**
 * Where gradient flow is at time t.
 *
 *   μ(t) = μ₀ e^{−t},  σ(t)² = 1 + (σ₀² − 1) e^{−2t}
 *
 * The second since d(σ²)/dt = 2 (1 − σ²). Domain: t ≥ 0 (and negative t while σ(t)² > 0).
 * Throws: RangeError unless σ₀ > 0.
 */
export const gradientFlowAt = (start: PlanePoint, t: number): PlanePoint => {
  requirePositive('gradientFlowAt', start.sigma);
  // σ₀² e^{−2t} + (1 − e^{−2t}) keeps a small σ₀ that 1 + (σ₀² − 1) would round away.
  return { mu: start.mu * Math.exp(-t), sigma: Math.sqrt(start.sigma ** 2 * Math.exp(-2 * t) - Math.expm1(-2 * t)) };
};

/** Gradient flow in closed form. Throws RangeError unless σ₀ > 0, duration > 0 and samples ≥ 2. */
export const gradientFlow = (options: FlowOptions): Trajectory => {
  const t = instants(options);
  const points = t.map((time) => gradientFlowAt(options.start, time));
  return timedTrajectory('gradient flow', t, points, (p) => gradientFlowField(p.mu, p.sigma));
};

/** Gradient flow integrated from its field, within 1e-9 of the closed form. Throws as `gradientFlow` does. */
export const integratedGradientFlow = (options: FlowOptions): Trajectory => {
  requirePositive('integratedGradientFlow', options.start.sigma);
  const t = instants(options);
  const field = ([mu, sigma]: readonly number[]): readonly number[] => gradientFlowField(mu!, sigma!);
  const states = integrate(field, [options.start.mu, options.start.sigma], t);
  const points = states.map(([mu, sigma]) => ({ mu: mu!, sigma: sigma! }));
  return timedTrajectory('gradient flow', t, points, (p) => gradientFlowField(p.mu, p.sigma));
};

export interface HeavyBallOptions extends FlowOptions {
  /** γ ≥ 0, per unit time. */
  readonly friction: number;
  /** (dμ/dt, dσ/dt) at the start; at rest unless said. */
  readonly velocity?: readonly [number, number];
}

/**
 * Heavy ball with friction: gradient flow with momentum.
 *
 *   x″ = −∇KL(x) − γ x′;  E = KL + ½ |x′|²,  dE/dt = −γ |x′|² ≤ 0
 *
 * The ball never reaches σ = 0: its KL would have to be infinite, and E only falls. Steps of momentum SGD with rate η and
 * momentum β follow it at t = k √η with γ = (1 − β) / √η as η → 0.
 *
 * Units:  nats, natural time. Domain: σ₀ > 0, γ ≥ 0.
 * Throws: RangeError outside the domain.
 * Source: Polyak 1964, USSR Comput. Math. Math. Phys. 4(5).
 */
export const heavyBall = (options: HeavyBallOptions): BallTrajectory => {
  const { start, friction, velocity = [0, 0] } = options;
  requirePositive('heavyBall', start.sigma);
  if (!(friction >= 0)) throw new RangeError(`heavyBall: expected a friction of at least 0, got ${friction}`);
  const t = instants(options);
  const field = ([mu, sigma, v1, v2]: readonly number[]): readonly number[] => {
    const [pullMu, pullSigma] = gradientFlowField(mu!, sigma!);
    return [v1!, v2!, pullMu - friction * v1!, pullSigma - friction * v2!];
  };
  const states = integrate(field, [start.mu, start.sigma, ...velocity], t);
  const points = states.map(([mu, sigma]) => ({ mu: mu!, sigma: sigma! }));
  const velocityMu = states.map((x) => x[2]!);
  const velocitySigma = states.map((x) => x[3]!);
  const trajectory = timedTrajectory('heavy ball', t, points, (_, i) => [velocityMu[i]!, velocitySigma[i]!]);
  const square = velocityMu.map((v, i) => v * v + velocitySigma[i]! ** 2);
  return {
    ...trajectory,
    friction,
    velocityMu,
    velocitySigma,
    energy: trajectory.kl.map((kl, i) => kl + 0.5 * square[i]!),
    denergy: square.map((v) => (friction === 0 ? 0 : -friction * v)),
  };
};

/**
 * μ of a heavy ball at time t; the coordinate is linear, so this is exact.
 *
 *   γ < 2:  e^{−γt/2} [μ₀ cos ωt + (v₀ + ½γ μ₀)/ω · sin ωt],  ω = √(1 − γ²/4)
 *   γ = 2:  e^{−t} [μ₀ + (v₀ + μ₀) t]
 *   γ > 2:  the first with cosh, sinh and ω = √(γ²/4 − 1)
 *
 * Throws: RangeError unless γ ≥ 0.
 */
export const heavyBallMu = (mu0: number, v0: number, friction: number, t: number): number => {
  if (!(friction >= 0)) throw new RangeError(`heavyBallMu: expected a friction of at least 0, got ${friction}`);
  const drift = v0 + 0.5 * friction * mu0;
  const discriminant = 1 - 0.25 * friction * friction;
  const decay = Math.exp(-0.5 * friction * t);
  if (discriminant === 0) return decay * (mu0 + drift * t);
  const omega = Math.sqrt(Math.abs(discriminant));
  if (discriminant > 0) return decay * (mu0 * Math.cos(omega * t) + (drift / omega) * Math.sin(omega * t));
  const slow = Math.exp((omega - 0.5 * friction) * t);
  const fast = Math.exp((-omega - 0.5 * friction) * t);
  return 0.5 * (slow * (mu0 + drift / omega) + fast * (mu0 - drift / omega));
};
