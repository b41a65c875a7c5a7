import { neg, sub, type Tensor } from '../../../engine/graph/index.js';
import type { ParameterShapes } from '../../../engine/program/index.js';
import { standardNormalLogProb } from '../../../vae/distributions/index.js';
import type { LatentModel } from '../training/latentModel.js';
import type { Parameters } from '../training/perceptron.js';

/** An invertible map between whitened codes x and standard normal u. */
export interface Flow {
  readonly shapes: ParameterShapes;
  readonly latents: number;
  /** Parameters of the identity. */
  initial(seed: number): Float32Array;
  /** u of x, and ln |det dx/du|. Shapes: [B, D] -> [B, D], [B]. */
  forward(parameters: Parameters, x: Tensor): { readonly u: Tensor; readonly logVolume: Tensor };
  /** x of u. Shapes: [B, D] -> [B, D]. */
  inverse(parameters: Parameters, u: Tensor): Tensor;
}

/**
 * A flow as a distribution, learned by the likelihood of the codes.
 *
 *   ln q(x) = ln N(u(x); 0, I) − ln |det dx/du|
 */
export const flowModel = (flow: Flow): LatentModel => {
  const logProb = (parameters: Parameters, white: Tensor): Tensor => {
    const { u, logVolume } = flow.forward(parameters, white);
    return sub(standardNormalLogProb(u), logVolume);
  };
  return {
    shapes: flow.shapes,
    noise: flow.latents,
    initial: (seed) => flow.initial(seed),
    chances: [],
    loss: (parameters, white) => neg(logProb(parameters, white)),
    draw: (parameters, noise) => flow.inverse(parameters, noise),
    logProb,
  };
};
