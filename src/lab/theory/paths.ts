import type { OptimizerConfig } from '../../engine/optim/index.js';
import {
  type BallTrajectory,
  descend,
  gradientFlow,
  heavyBall,
  type PlanePoint,
  type Trajectory,
} from '../../latent/theory/index.js';

/** A code that says much about its image: far from 0 and sharp, as trained encoders make them. */
export const START: PlanePoint = { mu: 2, sigma: 0.3 };
/** γ of the drawn heavy ball: well below 2, where both coordinates spiral. */
export const FRICTION = 0.5;

/** A rate η for all: a step moves a code by about η under RMSprop and Adam. */
const OPTIMIZERS: readonly OptimizerConfig[] = [
  { name: 'sgd', lr: 0.02 },
  { name: 'momentum', lr: 0.02, momentum: 0.9 },
  { name: 'rmsprop', lr: 0.02, alpha: 0.99, eps: 1e-8, centered: true },
  { name: 'adam', lr: 0.02, beta1: 0.9, beta2: 0.999, eps: 1e-8 },
];

/** An optimizer's way, and its learning rate. */
export interface OptimizerPath {
  readonly optimizer: OptimizerConfig;
  readonly path: Trajectory;
}

/** The trajectories of the theory's figures, all from one start. */
export interface TheoryPaths {
  readonly flow: Trajectory;
  readonly ball: BallTrajectory;
  readonly optimizers: readonly OptimizerPath[];
}

const DURATION = 16;
const SAMPLES = 401;
const STEPS = 1500;

/** Gradient flow, the heavy ball and four optimizers from `START`. Nothing is drawn at random. */
export const theoryPaths = (): TheoryPaths => ({
  flow: gradientFlow({ start: START, duration: DURATION, samples: SAMPLES }),
  ball: heavyBall({ start: START, friction: FRICTION, duration: DURATION, samples: SAMPLES }),
  optimizers: OPTIMIZERS.map((optimizer) => ({ optimizer, path: descend({ optimizer, start: START, steps: STEPS }) })),
});
