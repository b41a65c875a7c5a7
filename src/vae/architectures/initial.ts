import type { Shape } from '../../engine/graph/index.js';
import { type ParameterShapes, parameterCount, views } from '../../engine/program/index.js';
import { keyedStream } from '../../engine/random/index.js';

/**
 * Initial weights and biases, U(−1/√n, 1/√n) with n the inputs of the layer, as PyTorch's Linear starts. Each
 * parameter has a stream of its own, so that every regime of one seed starts from the same weights.
 *
 * Shapes: [P], in the order of `shapes`.
 */
export const initialParameters = (shapes: ParameterShapes, seed: number): Float32Array => {
  const flat = new Float32Array(parameterCount(shapes));
  for (const [name, values] of Object.entries(views(flat, shapes))) {
    const bound = 1 / Math.sqrt(fanIn(name, shapes));
    keyedStream(seed, `init/${name}`, 0).fillUniform(values, -bound, bound);
  }
  return flat;
};

/** Inputs of the layer that a weight or a bias belongs to. */
const fanIn = (name: string, shapes: ParameterShapes): number => {
  const weight: Shape = shapes[name.replace(/bias$/, 'weight')]!;
  return weight[0]!;
};
