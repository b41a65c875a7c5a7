import {
  descend,
  gradientFlow,
  heavyBall,
  type PlanePoint,
  type Trajectory,
} from '../../../../src/latent/theory/index.js';
import { DURATION, type Law, STEPS } from './state.js';

const SAMPLES = 401;

/** The three ways from one start to (0, 1), all of the same KL. */
export const pathsFrom = (start: PlanePoint, friction: number, rate: number): Readonly<Record<Law, Trajectory>> => ({
  'gradient flow': gradientFlow({ start, duration: DURATION, samples: SAMPLES }),
  'heavy ball': heavyBall({ start, friction, duration: DURATION, samples: SAMPLES }),
  Adam: descend({ optimizer: { name: 'adam', lr: rate, beta1: 0.9, beta2: 0.999, eps: 1e-8 }, start, steps: STEPS }),
});

/** Points of a path up to a share of its time. */
export const pointsUpTo = ({ t, mu, sigma }: Trajectory, share: number): (readonly [mu: number, sigma: number])[] => {
  const last = Math.round(share * (t.length - 1));
  return Array.from({ length: last + 1 }, (_, i) => [mu[i]!, sigma[i]!] as const);
};
