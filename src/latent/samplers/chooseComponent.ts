import { add, cast, constant, gather, greater, mul, reshape, sum, type Tensor } from '../../engine/graph/index.js';
import { normalQuantile } from '../audit/twoSample/specialFunctions.js';

/** More components than this are found in two rounds of about √K comparisons. */
const FLAT = 64;
/** Above every normal value: a boundary that is never passed. */
const NEVER = 1e30;

/**
 * The component that a standard normal value stands for: the number of boundaries below it.
 *
 *   k(ε) = Σ_j [ε > b_j],  b_j = Φ⁻¹(w_0 + … + w_j),  so that P(k) = w_k
 *
 * Boundaries are rounded to float32, as the noise is: every runtime chooses the same component.
 *
 * Shapes: noise [n, 1], weights [K] -> [n], int64. Domain: weights >= 0 that sum to 1.
 */
export const chooseComponent = (noise: Tensor, weights: ArrayLike<number>): Tensor => {
  const boundaries = boundariesOf(weights);
  if (weights.length <= FLAT) return cast(passed(noise, row(boundaries)), 'int64');
  const size = Math.ceil(Math.sqrt(weights.length));
  const groups = Math.ceil(weights.length / size);
  const ends = Array.from({ length: groups - 1 }, (_, g) => boundaries[(g + 1) * size - 1]!);
  const inner = Array.from({ length: groups * (size - 1) }, (_, i) => {
    return boundaries[Math.floor(i / (size - 1)) * size + (i % (size - 1))] ?? NEVER;
  });
  const group = passed(noise, row(ends));
  const table = constant(inner, [groups, size - 1]);
  const within = passed(noise, gather(table, cast(group, 'int64')));
  return cast(add(mul(group, size), within), 'int64');
};

const row = (values: readonly number[]): Tensor => constant(values, [1, values.length]);

/** How many of the boundaries each value is above. Shapes: [n, 1], [1 or n, B] -> [n]. */
const passed = (noise: Tensor, boundaries: Tensor): Tensor => sum(cast(greater(noise, boundaries), 'float32'), 1);

const boundariesOf = (weights: ArrayLike<number>): number[] => {
  let sumSoFar = 0;
  return Array.from({ length: weights.length - 1 }, (_, k) => {
    sumSoFar += weights[k]!;
    return Math.fround(Math.min(NEVER, Math.max(-NEVER, normalQuantile(Math.min(1, sumSoFar)))));
  });
};

/** L_k ε of the components chosen. Shapes: factors [K, D D], chosen [n], noise [n, D] -> [n, D]. */
export const chosenProduct = (factors: Tensor, chosen: Tensor, noise: Tensor): Tensor => {
  const [n, d] = noise.shape as [number, number];
  return sum(mul(reshape(gather(factors, chosen), [n, d, d]), reshape(noise, [n, 1, d])), 2);
};
