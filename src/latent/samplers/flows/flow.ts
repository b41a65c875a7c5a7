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

/** What a flow makes u of: a distribution that stays as it is while the flow learns. */
export interface FlowBase {
  /** Standard normal values that one draw takes. */
  readonly noise: number;
  /** Shapes: noise [n, noise] -> u [n, D]. */
  draw(noise: Tensor): Tensor;
  /** Shapes: u [n, D] -> [n] nats. */
  logProb(u: Tensor): Tensor;
}

/** N(0, I). */
const normalBase = (latents: number): FlowBase => ({
  noise: latents,
  draw: (noise) => noise,
  logProb: standardNormalLogProb,
});

/**
 * A flow as a distribution, learned by the likelihood of the codes.
 *
 *   ln q(x) = ln b(u(x)) − ln |det dx/du|,  b the base: N(0, I) unless told
 */
export const flowModel = (flow: Flow, base = normalBase(flow.latents)): LatentModel => {
  const logProb = (parameters: Parameters, white: Tensor): Tensor => {
    const { u, logVolume } = flow.forward(parameters, white);
    return sub(base.logProb(u), logVolume);
  };
  return {
    shapes: flow.shapes,
    noise: base.noise,
    initial: (seed) => flow.initial(seed),
    chances: [],
    loss: (parameters, white) => neg(logProb(parameters, white)),
    draw: (parameters, noise) => flow.inverse(parameters, base.draw(noise)),
    logProb,
  };
};
