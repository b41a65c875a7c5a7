import { grad } from '../../engine/autodiff/index.js';
import { input, sum } from '../../engine/graph/index.js';
import { evaluate } from '../../engine/interpreter/index.js';
import { createOptimizer, type OptimizerConfig } from '../../engine/optim/index.js';
import { normal } from '../../vae/distributions/index.js';
import { type PlanePoint, requirePositive } from './kl.js';
import { steppedTrajectory, type Trajectory } from './trajectory.js';

export interface DescentOptions {
  readonly optimizer: OptimizerConfig;
  readonly start: PlanePoint;
  readonly steps: number;
}

/**
 * An optimizer as a discrete map on the plane: x_{k+1} = x_k − update(∇KL(x_k)).
 *
 * The loss, its gradient and the update are the graphs that train models, evaluated in float64. SGD with rate η is Euler's
 * method for gradient flow (step k is time kη). RMSprop and Adam divide by a running size of the gradient, so at first both
 * coordinates go at the same pace. Once the point has arrived that average forgets the descent, the effective rate grows past
 * what the curvature allows and throws the point out again: (0, 1) attracts to within the order of η, and is not a stable
 * fixed point of theirs. RMSprop ends in the two-cycle μ = ±η/2, KL = η²/8.
 *
 * Units:  KL in nats; t in steps, start at 0.
 * Throws: RangeError for a start or a step that is not at σ > 0 (a rate too large for the slope 1/σ jumps over it).
 */
export const descend = ({ optimizer, start, steps }: DescentOptions): Trajectory => {
  requirePositive('descend', start.sigma);
  const rule = createOptimizer(optimizer);
  const mu = input('mu', [1, 1]);
  const sigma = input('sigma', [1, 1]);
  const gradients = grad(sum(normal(mu, sigma).klStandardNormal()), [mu, sigma]);
  const coordinates = [mu, sigma].map((x, i) => {
    const moments = rule.moments.map((name) => input(`${name} of ${i}`, [1, 1]));
    return rule.update(x, gradients[i]!, moments);
  });
  const outputs = coordinates.flatMap((update) => [update.parameter, ...update.moments]);
  const names = ['mu', 'sigma'].flatMap((name, i) => [name, ...rule.moments.map((moment) => `${moment} of ${i}`)]);

  let state: Record<string, ArrayLike<number>> = Object.fromEntries(names.map((name) => [name, [0]]));
  state = { ...state, mu: [start.mu], sigma: [start.sigma] };
  const points = [start];
  for (let step = 1; step <= steps; step++) {
    const scalars = Object.entries(rule.schedule(step)).map(([name, value]) => [name, [value]]);
    const values = evaluate(outputs, { ...state, ...Object.fromEntries(scalars) });
    state = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const point = { mu: state.mu![0]!, sigma: state.sigma![0]! };
    if (!(point.sigma > 0) || !Number.isFinite(point.mu) || !Number.isFinite(point.sigma)) {
      throw new RangeError(
        `descend: expected steps that stay in sigma > 0, got (${point.mu}, ${point.sigma}) at step ${step} of ${optimizer.name} with rate ${optimizer.lr}`,
      );
    }
    points.push(point);
  }
  return steppedTrajectory(optimizer.name, points);
};
